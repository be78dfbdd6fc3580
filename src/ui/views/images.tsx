import { createMemo, createSignal, Index, Match, Show, Switch } from "solid-js";
import { formatCount, formatPercent } from "../../lib/format.ts";
import type { ImagePredictions } from "../../session/protocol.ts";
import { Canvas, type Surface } from "../Canvas.tsx";
import { RadioGroup } from "../controls/RadioGroup.tsx";
import { type Box, drawImages } from "../images.ts";
import { ConfusionMatrix, rightOf } from "./ConfusionMatrix.tsx";
import { defineView, type ViewOf } from "./view.tsx";
import "../styles/images.css";

type ImagesView = ViewOf<"images">;

/** What can be looked at, in the order of the switch. */
const parts = {
  worst: { label: "Worst predictions", note: "Largest loss first, with the probability of the predicted class." },
  examples: { label: "Examples", note: "Always the same ones, with the probability of the predicted class." },
  confusion: { label: "Confusion matrix", note: "Rows are the actual class, columns the predicted one." },
} as const;
type Part = keyof typeof parts;
const partOptions = (Object.keys(parts) as readonly Part[]).map((value) => ({ value, label: parts[value].label }));

const [part, setPart] = createSignal<Part>("worst");

interface ShotProps {
  readonly shown: ImagePredictions;
  readonly classNames: readonly string[];
  readonly index: number;
}

/** The frame of one image, with what it is, what the model takes it for, and how sure that is. */
function Shot(props: ShotProps) {
  const nameOf = (labels: Uint16Array) => props.classNames[labels[props.index] ?? 0] ?? "";
  const actual = () => nameOf(props.shown.actual);
  const predicted = () => nameOf(props.shown.predicted);
  const wrong = () => actual() !== predicted();
  return (
    <li class="shot" classList={{ wrong: wrong() }}>
      <span class="frame" />
      <span class="sr">actual </span>
      <b>{actual()}</b>
      <Show when={wrong()}>
        <span aria-hidden="true"> → </span>
        <span class="sr">, predicted </span>
        <b>{predicted()}</b>
      </Show>
      <span class="sr">{wrong() ? ", wrong, " : ", right, "}</span>
      <small>{formatPercent(props.shown.probability[props.index])}</small>
    </li>
  );
}

/** Where the frames of a list lie in it, without their borders. */
const framesIn = (list: HTMLElement): readonly Box[] =>
  [...list.querySelectorAll<HTMLElement>(".frame")].map((frame) => ({
    left: frame.offsetLeft + frame.clientLeft,
    top: frame.offsetTop + frame.clientTop,
    width: frame.clientWidth,
    height: frame.clientHeight,
  }));

/**
 * Small images side by side; the list is what assistive technology reads. One canvas has them all: forty of them would
 * take the browser longer to put on the page than to draw.
 */
function Shots(props: { readonly view: ImagesView; readonly shown: ImagePredictions; readonly label: string }) {
  let list: HTMLOListElement | undefined;
  const count = createMemo(() => props.shown.actual.length);
  const draw = (surface: Surface) => {
    if (list === undefined) return;
    drawImages(surface, { size: props.view.image, pixels: props.shown.pixels, most: 255 }, 0, framesIn(list));
  };
  return (
    // It scrolls where there is little room, so keys must reach it
    <section class="shots" aria-label="Images" tabindex="0">
      <div>
        <Canvas draw={draw} />
        <ol
          ref={list}
          aria-label={props.label}
          style={{ "--ratio": `${props.view.image.width / props.view.image.height}` }}
        >
          <Index each={Array.from({ length: count() })}>
            {(_, index) => <Shot shown={props.shown} classNames={props.view.classNames} index={index} />}
          </Index>
        </ol>
      </div>
    </section>
  );
}

/** Classification of images: what is taken for what, on the images themselves. */
export const images = defineView("images", {
  label: "Predictions on images",
  describe: (view) => {
    const total = view.counts.reduce((sum, count) => sum + count, 0);
    return `${formatCount(rightOf(view))} of ${formatCount(total)} validation images are right at step ${formatCount(view.step)}.`;
  },
  Body: (props) => (
    <div class="pictures">
      <RadioGroup name={{ label: "Shown predictions" }} options={partOptions} value={part()} onChange={setPart} />
      <Switch fallback={<ConfusionMatrix classNames={props.view.classNames} counts={props.view.counts} />}>
        <Match when={part() === "worst"}>
          <Shots view={props.view} shown={props.view.worst} label={parts.worst.label} />
        </Match>
        <Match when={part() === "examples"}>
          <Shots view={props.view} shown={props.view.examples} label={parts.examples.label} />
        </Match>
      </Switch>
    </div>
  ),
  Legend: () => (
    <div class="legend">
      <p class="note">Validation split. {parts[part()].note}</p>
      <Show when={part() !== "confusion"}>
        <p class="note">Framed: wrong, as actual → predicted.</p>
      </Show>
    </div>
  ),
});
