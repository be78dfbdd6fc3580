import { formatCount, formatMeasure } from "../../lib/format.ts";
import { lastUpTo } from "../../session/columns.ts";
import type { Readings } from "../runState.ts";
import type { Plot, PlotReading, Series } from "./plot.ts";
import { namesEvents } from "./shown.ts";
import type { PlotSource } from "./source.ts";
import { xAxes } from "./xAxes.ts";

/** The newest value up to a step. */
export const valueAt = (series: Series, step: number): number | undefined =>
  series.valueAt(lastUpTo(series.length, (index) => series.stepAt(index), step));

/** A reading at a step, or the newest one. */
export const readingAt = (
  reading: PlotReading,
  source: PlotSource,
  now: Readings,
  step?: number,
): number | undefined => (step === undefined ? reading.value(now, source) : valueAt(reading.series(source), step));

/** The readings of a plot that this run has. */
export const readingsOf = ({ readings }: Plot, source: PlotSource): readonly PlotReading[] =>
  readings.filter((reading) => reading.applies?.(source) ?? true);

/** All values of a plot at a step, to be spoken: "Step 1,240: training loss 0.310, validation loss 0.350." */
export function spokenAt(plot: Plot, source: PlotSource, step: number, place: string): string {
  const values = readingsOf(plot, source).map(
    (reading) => `${reading.name.toLowerCase()} ${reading.format(valueAt(reading.series(source), step))}`,
  );
  const { skipped } = source.history.scaling;
  const isSkipped = skipped[lastUpTo(skipped.length, (index) => skipped[index] ?? 0, step)] === step;
  return `${place}: ${[...values, ...(isSkipped ? ["update skipped"] : [])].join(", ")}`;
}

function summaryOfReading(reading: PlotReading, source: PlotSource, now: Readings): string {
  const series = reading.series(source);
  const newest = reading.value(now, source);
  return `${reading.name} ${reading.format(newest)}, from ${reading.format(series.valueAt(0))} at the start.`;
}

/** What happened to the run, in sentences. */
function eventsOf({ history: { best, scaling }, markers }: PlotSource): readonly string[] {
  const skipped = scaling.skipped.length;
  return [
    ...(best === undefined
      ? []
      : [`Lowest validation loss ${formatMeasure(best.loss)} at step ${formatCount(best.step)}.`]),
    ...markers.map(({ step, label }) => `At step ${formatCount(step)}: ${label}.`),
    ...(skipped === 0 ? [] : [`The update of ${formatCount(skipped)} steps was skipped as gradients overflowed.`]),
  ];
}

/** A plot in a few sentences. */
export function summaryOf(plot: Plot, source: PlotSource, now: Readings): string {
  const readings = readingsOf(plot, source).filter((reading) => reading.series(source).length > 0);
  if (readings.length === 0) return plot.empty;
  const step = xAxes.step.describe(source.history.step.at(-1) ?? 0);
  const sentences = readings.map((reading) => summaryOfReading(reading, source, now));
  return [`At ${step}.`, ...sentences, ...(namesEvents(plot) ? eventsOf(source) : [])].join(" ");
}

/** Values of a plot as rows. */
export interface Table {
  readonly names: readonly string[];
  readonly rows: readonly { readonly step: number; readonly values: readonly (number | undefined)[] }[];
}

/** The values at evenly spread steps, at most `most` of them; each value the newest one up to its step. */
export function tableOf(plot: Plot, source: PlotSource, most: number): Table {
  const columns = readingsOf(plot, source).map((reading) => ({ name: reading.name, series: reading.series(source) }));
  const longest = columns.reduce((best, { series }) => (series.length > best.length ? series : best), emptySeries);
  const every = Math.max(1, Math.ceil(longest.length / most));
  const rows: Table["rows"][number][] = [];
  for (let index = longest.length - 1; index >= 0; index -= every) {
    const step = longest.stepAt(index);
    rows.push({ step, values: columns.map(({ series }) => valueAt(series, step)) });
  }
  return { names: columns.map(({ name }) => name), rows: rows.toReversed() };
}

const emptySeries: Series = { length: 0, stepAt: () => 0, valueAt: () => undefined };
