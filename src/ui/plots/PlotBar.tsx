import { createUniqueId } from "solid-js";
import { Select } from "../controls/Choice.tsx";
import { RadioGroup } from "../controls/RadioGroup.tsx";
import { Icon } from "../Icon.tsx";
import { Popover } from "./Popover.tsx";
import { mostSmoothing, type PlotView } from "./plotView.ts";
import { type XAxisKind, xAxes } from "./xAxes.ts";

const yAxes = [
  { value: false, label: "lin", name: "Linear", title: "Linear y axis" },
  { value: true, label: "log", name: "Logarithmic", title: "Log y axis" },
];
const axisOptions = Object.entries(xAxes).map(([value, { label }]) => ({ value, label }));

function Smoothing(props: { readonly view: PlotView }) {
  const id = createUniqueId();
  const weight = () => props.view.settings().smoothing;
  return (
    <span class="smooth" title="Exponential moving average over the training loss; the raw curve stays behind it">
      <label for={id}>Smooth</label>
      <input
        id={id}
        type="range"
        aria-label="Smoothing"
        min="0"
        max={mostSmoothing}
        step="0.01"
        value={weight()}
        style={{ "--v": (100 * weight()) / mostSmoothing }}
        onInput={(event) => props.view.set({ smoothing: event.currentTarget.valueAsNumber })}
      />
      <output for={id}>{weight().toFixed(2)}</output>
    </span>
  );
}

function Check(props: {
  readonly label: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={props.value} onChange={(event) => props.onChange(event.currentTarget.checked)} />
      {props.label}
    </label>
  );
}

/** Parts of the range in view by which one moves along. */
const stride = 0.5;

function Options(props: { readonly view: PlotView; readonly lastStep: () => number }) {
  const { view } = props;
  const center = () => {
    const zoom = view.zoom();
    return view.cursor()?.step ?? (zoom === undefined ? props.lastStep() / 2 : (zoom.from + zoom.to) / 2);
  };
  return (
    <>
      <Check
        label="Log x axis"
        value={view.settings().logX}
        onChange={(logX) => {
          view.set({ logX });
        }}
      />
      <Check
        label="Leave out outliers"
        value={view.settings().clipOutliers}
        onChange={(clipOutliers) => {
          view.set({ clipOutliers });
        }}
      />
      <div class="zooms">
        <button type="button" class="btn" onClick={() => view.zoomBy(0.5, center(), props.lastStep())}>
          Zoom in
        </button>
        <button
          type="button"
          class="btn"
          disabled={view.zoom() === undefined}
          onClick={() => view.zoomBy(2, center(), props.lastStep())}
        >
          Zoom out
        </button>
        <button
          type="button"
          class="btn"
          disabled={view.zoom() === undefined}
          onClick={() => view.pan(-stride, props.lastStep())}
        >
          Earlier
        </button>
        <button
          type="button"
          class="btn"
          disabled={view.zoom() === undefined}
          onClick={() => view.pan(stride, props.lastStep())}
        >
          Later
        </button>
        <button type="button" class="btn" disabled={view.cursor()?.pinned !== true} onClick={view.unpin}>
          Unpin
        </button>
      </div>
      <p class="note">
        Drag to zoom, click to pin the crosshair. On a focused curve: arrows move it, Space pins it, + and − zoom, 0
        shows all.
      </p>
    </>
  );
}

/** What is the same for all plots. */
export function PlotBar(props: { readonly view: PlotView; readonly lastStep: () => number }) {
  return (
    <div class="plotbar" role="toolbar" aria-label="Plots">
      <Smoothing view={props.view} />
      <RadioGroup
        name={{ label: "Y axis" }}
        options={yAxes}
        value={props.view.settings().logY}
        onChange={(logY) => props.view.set({ logY })}
      />
      <Select
        aria-label="X axis"
        options={axisOptions}
        value={props.view.settings().x}
        onChange={(x) => props.view.set({ x: x as XAxisKind })}
      />
      <button
        type="button"
        class="btn ico"
        aria-label="Reset zoom"
        title="Show all steps (0)"
        disabled={props.view.zoom() === undefined}
        onClick={props.view.resetZoom}
      >
        <Icon glyph="fit" />
      </button>
      <Popover label="Axes and zoom" glyph="options">
        {() => <Options view={props.view} lastStep={props.lastStep} />}
      </Popover>
    </div>
  );
}
