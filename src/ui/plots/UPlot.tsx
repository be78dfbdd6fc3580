import { createEffect, createSignal, onCleanup, onMount, untrack } from "solid-js";
import UPlotChart from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatSetting } from "../../lib/format.ts";
import { color } from "../palette.ts";
import { theme } from "../theme.ts";
import type { Column, LineStyle, PlotData } from "./plot.ts";
import { type Extent, extentOf } from "./scaleOf.ts";
import { linearTicks, logTicks } from "./ticks.ts";

export interface UPlotProps {
  readonly styles: readonly LineStyle[];
  /** Tracked: what it reads makes the chart draw again, at most once per frame. */
  readonly data: (points: number) => PlotData;
}

const axisFont = () => `11px ${getComputedStyle(document.body).fontFamily}`;
/** Pixels per point: the mean of each stretch is the line, its extremes are the band, so no spike is lost. */
const pointSpacing = 4;
/** More do not tell more: the mean of fewer, longer stretches is the calmer line. */
const mostPoints = 128;
const leftAxis = 44;
const bottomAxis = 22;
/** Room on the right and on top for the newest dots and the topmost label. */
const padding: UPlotChart.Padding = [6, 8, 0, 0];

/** uPlot's gap is `null`; a number that is none, or that a log axis cannot show, is one. */
function drawable(values: Column, log: boolean): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) && (!log || value > 0) ? value : null));
}

/** Columns on one common x: the first line with its band, then each further line with its own steps. */
function align({ band, lines }: PlotData, log: boolean): UPlotChart.AlignedData {
  const tables = lines.map(({ x, y }, index): UPlotChart.AlignedData => {
    const own = drawable(y, log);
    const steps = Array.from(x);
    return index === 0 ? [steps, drawable(band.low, log), drawable(band.high, log), own] : [steps, own];
  });
  return UPlotChart.join(tables);
}

/** The newest point of each line as a dot. */
function drawDots(chart: UPlotChart, styles: readonly LineStyle[]): void {
  const ratio = devicePixelRatio;
  const [steps] = chart.data;
  styles.forEach((style, index) => {
    const values = chart.data[index + 3] ?? [];
    const last = Array.from(values).findLastIndex((value) => typeof value === "number");
    const [step, value] = [steps[last], values[last]];
    if (step === undefined || value === undefined || value === null) return;
    const { ctx } = chart;
    ctx.beginPath();
    ctx.arc(chart.valToPos(step, "x", true), chart.valToPos(value, "y", true), 3.5 * ratio, 0, 2 * Math.PI);
    ctx.fillStyle = color(style.token === "--ink-2" ? "--ink" : style.token);
    ctx.strokeStyle = color("--paper");
    ctx.lineWidth = 1.5 * ratio;
    ctx.fill();
    ctx.stroke();
  });
}

function axesOf(): UPlotChart.Axis[] {
  const common = {
    font: axisFont(),
    stroke: color("--ink-3"),
    grid: { stroke: color("--grid"), width: 1 },
    ticks: { show: false },
    values: (_: UPlotChart, splits: number[]) => splits.map((value) => formatSetting(value)),
  };
  const steps = (chart: UPlotChart, _: number, low: number, high: number) => [
    ...linearTicks(low, high, Math.max(3, Math.floor(chart.width / 70))),
  ];
  const values = (chart: UPlotChart, _: number, low: number, high: number) => {
    const most = Math.min(6, Math.max(2, Math.floor(chart.height / 26)));
    return [...(chart.scales.y?.distr === 3 ? logTicks : linearTicks)(low, high, most)];
  };
  return [
    {
      ...common,
      size: bottomAxis,
      gap: 2,
      grid: { show: false },
      border: { show: true, stroke: color("--rule-strong"), width: 1 },
      splits: steps,
    },
    { ...common, size: leftAxis, gap: 6, splits: values, filter: (_: UPlotChart, splits: number[]) => splits },
  ];
}

function optionsOf(styles: readonly LineStyle[], extent: () => Extent, size: Size): UPlotChart.Options {
  const unseen: UPlotChart.Series = { spanGaps: true, points: { show: false }, width: 0, stroke: "transparent" };
  return {
    ...size,
    padding,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: () => [0, extent().lastStep] },
      y: { distr: extent().log ? 3 : 1, range: () => [extent().low, extent().high] },
    },
    axes: axesOf(),
    series: [
      {},
      unseen,
      unseen,
      ...styles.map(
        ({ token, width }): UPlotChart.Series => ({
          stroke: color(token),
          width,
          spanGaps: true,
          points: { show: false },
        }),
      ),
    ],
    bands: [{ series: [2, 1], fill: `color-mix(in srgb, ${color("--ink")} 10%, transparent)` }],
    hooks: { draw: [(chart) => drawDots(chart, styles)] },
  };
}

const pointsFor = (width: number): number => Math.min(mostPoints, Math.max(2, Math.floor(width / pointSpacing)));

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A uPlot chart that fills its box. Theme, or the change from log to linear, makes a new one; new data only draws.
 * It is the only place that knows uPlot.
 */
export function UPlot(props: UPlotProps) {
  let box: HTMLDivElement | undefined;
  let chart: UPlotChart | undefined;
  let request = 0;
  let extent: Extent = extentOf({ band: { low: [], high: [] }, lines: [] });
  const [size, setSize] = createSignal<Size>({ width: 0, height: 0 });

  const rebuild = (data: UPlotChart.AlignedData) => {
    chart?.destroy();
    if (box !== undefined)
      chart = new UPlotChart(
        optionsOf(props.styles, () => extent, size()),
        data,
        box,
      );
  };
  const draw = (data: PlotData) => {
    const wasLog = extent.log;
    extent = extentOf(data);
    const aligned = align(data, extent.log);
    if (chart === undefined || wasLog !== extent.log) rebuild(aligned);
    else chart.setData(aligned);
  };
  const drawSoon = (data: PlotData) => {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(() => draw(data));
  };

  onMount(() => {
    if (box === undefined) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) });
    });
    observer.observe(box);
    onCleanup(() => observer.disconnect());
  });
  createEffect(() => {
    const { width, height } = size();
    if (width === 0 || height === 0) return;
    if (chart !== undefined) chart.setSize({ width, height });
    drawSoon(props.data(pointsFor(width)));
  });
  createEffect(() => {
    theme();
    chart?.destroy();
    chart = undefined;
    const { width } = untrack(size);
    if (width > 0) drawSoon(untrack(() => props.data(pointsFor(width))));
  });
  onCleanup(() => {
    cancelAnimationFrame(request);
    chart?.destroy();
  });
  return <div ref={box} class="chart" aria-hidden="true" />;
}
