import type { MetricsHistory } from "../../session/metrics.ts";
import type { Readings } from "../runState.ts";

/** A drawn line: a design token and a width in pixels. Its newest point carries a dot of the same colour. */
export interface LineStyle {
  readonly token: string;
  readonly width: number;
}

export type Column = ArrayLike<number>;

export interface PlotLine {
  readonly x: Column;
  readonly y: Column;
}

/** What a plot draws now. */
export interface PlotData {
  /** Smallest and largest value around each point of the first line. */
  readonly band: { readonly low: Column; readonly high: Column };
  /** One for each style of the plot. */
  readonly lines: readonly PlotLine[];
}

/** A number in the plot's header. */
export interface PlotReading {
  /** Name for assistive technology and tests. */
  readonly name: string;
  /** The short word on screen. */
  readonly label: string;
  readonly token: string;
  readonly value: (readings: Readings) => number | undefined;
}

/** A plot over steps. */
export interface Plot {
  /** Name of the figure. */
  readonly label: string;
  /** Share of the column's height, relative to the other plots. */
  readonly weight: number;
  readonly styles: readonly LineStyle[];
  readonly readings: readonly PlotReading[];
  /** At most about `points` points per line. */
  readonly data: (history: MetricsHistory, points: number) => PlotData;
  /** The plot in one sentence. */
  readonly describe: (readings: Readings, first: number | undefined, step: number) => string;
}

/** Checks a definition against `Plot`. */
export const definePlot = (plot: Plot): Plot => plot;
