import { createSignal, Show } from "solid-js";
import { textScale } from "../theme.ts";
import { fractionOf, margins, valueAtFraction } from "./frame.ts";
import type { PlotView } from "./plotView.ts";
import type { Shown } from "./shown.ts";
import { stepAt } from "./xAxes.ts";

export interface SurfaceProps {
  readonly label: string;
  readonly main: boolean;
  readonly view: PlotView;
  /** What the chart draws now. */
  readonly shown: Shown;
  /** The plot's values at a step, in words. */
  readonly spoken: (step: number) => string;
}

/** Pixels that a pointer moves before it drags. */
const dragDistance = 5;
const jump = 10;
const zoomStep = 2;

/** The steps of the curve with most points. */
const samplesOf = ({ picture }: Shown): ArrayLike<number> =>
  picture.lines.reduce<ArrayLike<number>>((longest, { x }) => (x.length > longest.length ? x : longest), []);

/** The first and the last sample in view. */
function endsOf(shown: Shown): readonly [first: number, last: number] {
  const inView = Array.from(samplesOf(shown)).filter((step) => step >= shown.from && step <= shown.to);
  return [inView[0] ?? shown.from, inView.at(-1) ?? shown.to];
}

/** The sample that lies `by` samples after the one closest to a step. */
function sampleFrom(shown: Shown, step: number, by: number): number {
  const samples = Array.from(samplesOf(shown));
  if (samples.length === 0) return step;
  const next = samples.findIndex((sample) => sample >= step);
  const index = next < 0 ? samples.length - 1 : next;
  return samples[Math.min(samples.length - 1, Math.max(0, index + by))] ?? step;
}

/** What each key does with the crosshair at a step. Modifiers other than shift are the browser's. */
function keyActions({ view, shown }: SurfaceProps, step: number): Readonly<Record<string, () => void>> {
  const go = (to: number) => {
    view.moveTo(to);
    const zoom = view.zoom();
    if (zoom === undefined || (to >= zoom.from && to <= zoom.to)) return;
    const by = to < zoom.from ? to - zoom.from : to - zoom.to;
    view.zoomTo({ from: zoom.from + by, to: zoom.to + by }, shown.lastStep);
  };
  const move = (by: number) => () => go(sampleFrom(shown, step, by));
  const zoomBy = (factor: number) => () => view.zoomBy(factor, step, shown.lastStep);
  const pin = () => (view.cursor()?.pinned === true ? view.unpin() : view.pin(step));
  return {
    ArrowLeft: move(-1),
    ArrowDown: move(-1),
    ArrowRight: move(1),
    ArrowUp: move(1),
    "shift+ArrowLeft": move(-jump),
    "shift+ArrowRight": move(jump),
    PageDown: move(-jump),
    PageUp: move(jump),
    Home: () => go(endsOf(shown)[0]),
    End: () => go(endsOf(shown)[1]),
    " ": pin,
    Enter: pin,
    Escape: () => view.unpin(),
    "+": zoomBy(1 / zoomStep),
    "=": zoomBy(1 / zoomStep),
    "-": zoomBy(zoomStep),
    "0": () => view.resetZoom(),
  };
}

/**
 * What one points at and drags over: a slider over the steps, so that arrow keys move the crosshair and its values are
 * spoken. A click pins the crosshair, a drag zooms; a finger moves the crosshair and leaves scrolling to the page.
 */
export function Surface(props: SurfaceProps) {
  let surface: HTMLDivElement | undefined;
  /** Fractions of the width between which the pointer drags. */
  const [drag, setDrag] = createSignal<readonly [from: number, to: number]>();
  const [isActive, setActive] = createSignal(false);
  let pressedAt: number | undefined;

  const fractionAt = (event: PointerEvent): number => {
    const { left = 0, width = 1 } = surface?.getBoundingClientRect() ?? {};
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const stepAtFraction = (fraction: number) =>
    stepAt(valueAtFraction(props.shown.x, fraction), props.shown.xAt, props.shown.lastStep);
  const width = () => surface?.clientWidth ?? 1;
  const step = () => Math.min(props.view.cursor()?.step ?? props.shown.to, props.shown.lastStep);
  const place = () => fractionOf(props.shown.x, props.shown.xAt(step()));
  const isShown = () => props.view.cursor() !== undefined && place() >= 0 && place() <= 1;

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    pressedAt = fractionAt(event);
    if (event.pointerType === "mouse") surface?.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const fraction = fractionAt(event);
    const drags = pressedAt !== undefined && Math.abs(fraction - pressedAt) * width() > dragDistance;
    if (drags && event.pointerType === "mouse") setDrag([pressedAt ?? fraction, fraction]);
    props.view.hover(stepAtFraction(fraction));
  };
  const onPointerUp = (event: PointerEvent) => {
    const range = drag();
    const wasPressed = pressedAt !== undefined;
    pressedAt = undefined;
    setDrag(undefined);
    if (range !== undefined) {
      const [from, to] = range.map(stepAtFraction).toSorted((a, b) => a - b);
      props.view.zoomTo({ from: from ?? 0, to: to ?? 0 }, props.shown.lastStep);
    } else if (wasPressed) {
      const at = stepAtFraction(fractionAt(event));
      const isNear = Math.abs(place() - fractionAt(event)) * width() <= dragDistance;
      if (props.view.cursor()?.pinned === true && isNear) props.view.unpin();
      else props.view.pin(at);
    }
  };
  const leave = () => {
    setActive(false);
    pressedAt = undefined;
    setDrag(undefined);
    props.view.hover(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.shiftKey && event.key.startsWith("Arrow") ? `shift+${event.key}` : event.key;
    const action = keyActions(props, step())[key];
    if (action === undefined) return;
    // These keys mean something else to the rest of the page.
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  const inset = () => {
    const { top, right, bottom, left } = margins(props.main, textScale());
    return `${top}px ${right}px ${bottom}px ${left}px`;
  };
  return (
    <div
      ref={surface}
      class="surface"
      style={{ inset: inset() }}
      role="slider"
      tabIndex={0}
      aria-label={`${props.label}: place on the curve`}
      aria-valuemin={0}
      aria-valuemax={props.shown.lastStep}
      aria-valuenow={step()}
      aria-valuetext={props.spoken(step())}
      on:pointerdown={onPointerDown}
      on:pointermove={onPointerMove}
      on:pointerup={onPointerUp}
      on:pointerenter={() => setActive(true)}
      on:pointerleave={leave}
      on:pointercancel={leave}
      on:dblclick={() => props.view.resetZoom()}
      on:keydown={onKeyDown}
      on:focus={() => setActive(true)}
      on:blur={leave}
    >
      <Show when={isShown()}>
        <i
          class="crosshair"
          classList={{ pinned: props.view.cursor()?.pinned === true }}
          style={{ left: `${100 * place()}%` }}
        >
          <Show when={isActive() || (props.shown.namesEvents && props.view.cursor()?.pinned)}>
            <span classList={{ flip: place() > 0.6 }}>{props.shown.axis.describe(props.shown.xAt(step()))}</span>
          </Show>
        </i>
      </Show>
      <Show when={drag()}>
        {(range) => (
          <i
            class="selection"
            style={{ left: `${100 * Math.min(...range())}%`, width: `${100 * Math.abs(range()[1] - range()[0])}%` }}
          />
        )}
      </Show>
    </div>
  );
}
