import { createEffect, createSignal, onCleanup, onMount, untrack } from "solid-js";
import UPlotChart from "uplot";
import "uplot/dist/uPlot.min.css";
import { color } from "../palette.ts";
import { textScale, theme } from "../theme.ts";
import { frameOf, margins, xTicks, yTicks } from "./frame.ts";
import { paint } from "./paint.ts";
import { canvasPen } from "./pen.ts";
import type { Shown } from "./shown.ts";

export interface UPlotProps {
  /** A plot of full width, whose lines and events carry their names. */
  readonly main: boolean;
  /** Tracked: what it reads makes the chart draw again, at most once per frame. */
  readonly shown: (points: number) => Shown;
  readonly onDrawn: (shown: Shown) => void;
  /** It scrolled into view, or out of it. */
  readonly onView: (inView: boolean) => void;
}

/** Pixels per point: the mean of each stretch is the line, its extremes are the band, so no spike is lost. */
const pointSpacing = 4;
/** More do not tell more on a plot of this size: the mean of fewer, longer stretches is the calmer line. */
const mostPoints = 128;
/** Above this width a plot fills the screen, and one looks for detail. */
const wide = 900;

const pointsFor = (width: number): number =>
  Math.min(width > wide ? 4 * mostPoints : mostPoints, Math.max(2, Math.floor(width / pointSpacing)));

const fontFamily = () => getComputedStyle(document.body).fontFamily;

function axesOf(shown: () => Shown, main: boolean): UPlotChart.Axis[] {
  const scale = textScale();
  const { bottom, left } = margins(main, scale);
  const common = {
    font: `${11 * scale}px ${fontFamily()}`,
    stroke: () => color("--ink-3"),
    ticks: { show: false },
  };
  return [
    {
      ...common,
      size: bottom,
      gap: 2 * scale,
      grid: { show: false },
      border: { show: true, stroke: () => color("--rule-strong"), width: 1 },
      splits: (chart) => [...xTicks(shown(), chart.width / scale)],
      filter: (_, splits) => splits,
      values: (_, splits) => splits.map((value) => shown().axis.tick(value)),
    },
    {
      ...common,
      size: left,
      gap: 6 * scale,
      grid: { stroke: () => color("--grid"), width: 1 },
      splits: (chart) => [...yTicks(shown(), chart.height / scale)],
      filter: (_, splits) => splits,
      values: (_, splits) => splits.map((value) => shown().yTick(value)),
    },
  ];
}

function draw(chart: UPlotChart, shown: Shown, { main, family }: { readonly main: boolean; readonly family: string }) {
  const options = { ratio: devicePixelRatio * textScale(), labels: main };
  // uPlot takes the context to be as it has left it
  chart.ctx.save();
  paint(canvasPen(chart.ctx, family), frameOf(chart.bbox, shown, options), shown);
  chart.ctx.restore();
}

function optionsOf(shown: () => Shown, size: Size, main: boolean): UPlotChart.Options {
  const { x, y } = shown();
  const { top, right } = margins(main, textScale());
  const family = fontFamily();
  return {
    ...size,
    padding: [top, right, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, distr: x.log ? 3 : 1, range: () => [shown().x.low, shown().x.high] },
      y: { distr: y.log ? 3 : 1, range: () => [shown().y.low, shown().y.high] },
    },
    axes: axesOf(shown, main),
    // The picture draws its lines itself, the same on screen and in a file; this one only asks for the scales.
    series: [{}, { paths: () => null, points: { show: false } }],
    hooks: { draw: [(chart) => draw(chart, shown(), { main, family })] },
  };
}

/** Corners of the picture. */
const cornersOf = ({ x, y }: Shown): UPlotChart.AlignedData => [
  [x.low, x.high],
  [y.low, y.high],
];

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Axes, grid and a picture that fill their box; drawn only while they are in view. A change between log and linear, or of the size of text, makes
 * a new chart, new data only draws. It is the only place that knows uPlot.
 */
export function UPlot(props: UPlotProps) {
  let box: HTMLDivElement | undefined;
  let chart: UPlotChart | undefined;
  let shown: Shown | undefined;
  let scale = 1;
  const [size, setSize] = createSignal<Size>({ width: 0, height: 0 });
  const [inView, setInView] = createSignal(false);

  const show = (next: Shown, { width, height }: Size) => {
    const fits =
      shown !== undefined && shown.x.log === next.x.log && shown.y.log === next.y.log && scale === textScale();
    scale = textScale();
    shown = next;
    if (chart !== undefined && fits) {
      if (chart.width !== width || chart.height !== height) chart.setSize({ width, height });
      chart.setData(cornersOf(next));
    } else if (box !== undefined) {
      chart?.destroy();
      chart = new UPlotChart(
        optionsOf(() => shown ?? next, { width, height }, props.main),
        cornersOf(next),
        box,
      );
    }
    props.onDrawn(next);
  };

  onMount(() => {
    if (box === undefined) return;
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) });
    });
    const views = new IntersectionObserver((entries) => setInView(entries.at(-1)?.isIntersecting ?? true));
    sizes.observe(box);
    views.observe(box);
    onCleanup(() => {
      sizes.disconnect();
      views.disconnect();
    });
  });
  createEffect(() => props.onView(inView()));
  createEffect(() => {
    const { width, height } = size();
    if (width === 0 || height === 0 || !inView()) return;
    theme();
    textScale();
    const next = props.shown(pointsFor(width));
    untrack(() => show(next, { width, height }));
  });
  onCleanup(() => chart?.destroy());
  return <div ref={box} class="chart" aria-hidden="true" />;
}
