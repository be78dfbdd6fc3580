import { lastUpTo } from "../../session/columns.ts";
import type { Series } from "../plots/plot.ts";
import { readingsOf } from "../plots/values.ts";
import { type PlotFile, provenanceOf } from "./file.ts";

interface NamedSeries {
  readonly name: string;
  readonly series: Series;
}

const seriesOf = ({ plot, source }: PlotFile): readonly NamedSeries[] =>
  readingsOf(plot, source).map((reading) => ({ name: reading.name, series: reading.series(source) }));

const stepsOf = ({ length, stepAt }: Series): Float64Array =>
  Float64Array.from({ length }, (_, index) => stepAt(index));

/** The value at exactly this step. */
function exactly(series: Series, step: number): number | undefined {
  const index = lastUpTo(series.length, series.stepAt, step);
  return series.stepAt(index) === step ? series.valueAt(index) : undefined;
}

const cell = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? "" : String(value));
/** Fields with commas, quotes or line breaks are quoted, as RFC 4180 says. */
const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Every value of a plot, with a line per step that has one; empty where a curve has none at this step. The first line
 * is a comment with configuration and seeds as JSON.
 */
export function csvOf(file: PlotFile): string {
  const { clock } = file.source;
  const columns = seriesOf(file);
  const steps = [...new Set(columns.flatMap(({ series }) => [...stepsOf(series)]))].sort((a, b) => a - b);
  const names = ["step", "epoch", "samples", "seconds", ...columns.map(({ name }) => name)];
  const lines = steps.map((step) => {
    const place = [step, clock.epochsAt(step), clock.samplesAt(step), clock.secondsAt(step)];
    return [...place, ...columns.map(({ series }) => exactly(series, step))].map(cell).join(",");
  });
  return [`# ${JSON.stringify(provenanceOf(file))}`, names.map(quoted).join(","), ...lines, ""].join("\n");
}

/** The same as JSON: each curve with its own steps; what is not finite is null. */
export function jsonOf(file: PlotFile): string {
  const curves = seriesOf(file).map(({ name, series }) => ({
    name,
    step: [...stepsOf(series)],
    value: Array.from({ length: series.length }, (_, index) => series.valueAt(index) ?? null),
  }));
  const { best, scaling } = file.source.history;
  const events = { best: best ?? null, markers: file.source.markers, skipped: scaling.skipped };
  return JSON.stringify({ ...provenanceOf(file), curves, ...events }, undefined, 1);
}
