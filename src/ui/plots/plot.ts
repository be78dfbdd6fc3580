import type { Task } from "../../data/dataset.ts";
import type { WindowRange } from "../../session/evaluations.ts";
import type { Readings } from "../runState.ts";
import type { PlotSource } from "./source.ts";

export type Column = ArrayLike<number>;

/** A drawn line. Gaps are NaN. */
export interface PictureLine {
  /** Steps. */
  readonly x: Column;
  readonly y: Column;
  /** Design token of its colour. */
  readonly token: string;
  /** Pixels. */
  readonly width: number;
  readonly opacity?: number;
  /** Lengths of dashes and gaps, in pixels. */
  readonly dash?: readonly number[];
  /** Its newest point carries a dot. */
  readonly dot?: boolean;
  /** Written at its end. */
  readonly label?: string;
  /** Written above its left end: for a horizontal line. */
  readonly title?: string;
}

/** Smallest and largest value around each point. */
export interface PictureBand {
  /** Steps. */
  readonly x: Column;
  readonly low: Column;
  readonly high: Column;
}

/** What a plot draws now; in the unit of its y axis, and along x in steps. */
export interface Picture {
  readonly band?: PictureBand;
  /** Of several runs each, in the colour of a design token; behind everything else. */
  readonly groups?: readonly (PictureBand & { readonly token: string })[];
  /** From the back to the front. */
  readonly lines: readonly PictureLine[];
  /** Dashed horizontals; they decide the range only where they are near it. */
  readonly guides?: readonly { readonly value: number; readonly label: string }[];
  /** Where a value should be. */
  readonly healthy?: readonly [low: number, high: number];
  /** Tinted between two of the lines from a step on. */
  readonly gap?: { readonly fromStep: number; readonly upper: PictureLine; readonly lower: PictureLine };
  readonly best?: { readonly step: number; readonly value: number; readonly label: string };
}

/** How much of a picture is asked for. */
export interface PictureRequest extends WindowRange {
  /** At most about so many points per line. */
  readonly points: number;
  /** Weight of the exponential moving average, 0 to 1. */
  readonly smoothing: number;
}

/** A curve with all its points, oldest first. */
export interface Series {
  readonly length: number;
  stepAt(index: number): number;
  valueAt(index: number): number | undefined;
}

/** A number in the plot's header, and the curve that it is the newest value of. */
export interface PlotReading {
  /** Name for assistive technology, tests and exported columns. */
  readonly name: string;
  /** The short word on screen; none where the plot's name says it. */
  readonly label?: string;
  /** Colour of its line, where there are several. */
  readonly token?: string;
  readonly format: (value: number | undefined) => string;
  readonly value: (readings: Readings, source: PlotSource) => number | undefined;
  readonly series: (source: PlotSource) => Series;
  /** Whether there is such a number for this run; left out, always. */
  readonly applies?: (source: PlotSource) => boolean;
}

/** A plot over steps. */
export interface Plot {
  /** Name of the figure. */
  readonly label: string;
  /** Share of the column's height: 2 and more for a plot of full width; 1 for a small one. */
  readonly weight: number;
  /** Log wherever possible, never, or as the user chose. */
  readonly axis: "log" | "linear" | "chosen";
  /** The y axis starts at 0: what counts is the size of the values, not their change. */
  readonly fromZero?: boolean;
  /** What small plots are shown first, lowest first; those past the fourth stand under "More plots". */
  readonly order: number;
  readonly tick?: (value: number) => string;
  readonly readings: readonly PlotReading[];
  /** It draws what is measured of tensors, layers and memory, which takes time: nobody measures while it is out of view. */
  readonly isMeasured?: boolean;
  /** Whether it makes sense for this kind of task and run; left out, always. */
  readonly applies?: (task: Task | undefined, source: PlotSource) => boolean;
  /** What is said while there is nothing to draw. */
  readonly empty: string;
  readonly picture: (source: PlotSource, request: PictureRequest) => Picture;
}

/** Checks a definition against `Plot`. */
export const definePlot = (plot: Plot): Plot => plot;

/**
 * The points from index `first` on and before `end`, at most about `most` of them: where there are more, every so many,
 * the last one always. In time proportional to `most`.
 */
export function thinnedBetween<T>(points: readonly T[], [first, end]: readonly [number, number], most: number): T[] {
  const every = Math.max(1, Math.ceil((end - first) / most));
  const count = Math.ceil((end - first) / every);
  return Array.from({ length: count }, (_, index) => points[end - 1 - (count - 1 - index) * every] as T);
}

/** Per-step columns of the history as a series. */
export const columnSeries = (step: Column, values: Column): Series => ({
  length: step.length,
  stepAt: (index) => step[index] ?? 0,
  valueAt: (index) => values[index],
});

/** Any points with a step as a series. */
export const pointSeries = <T extends { readonly step: number }>(
  points: readonly T[],
  measureOf: (point: T) => number | undefined,
): Series => ({
  length: points.length,
  stepAt: (index) => points[index]?.step ?? 0,
  valueAt: (index) => {
    const point = points[index];
    return point && measureOf(point);
  },
});

/** Points with a step as columns of a line. */
export const lineOf = <T extends { readonly step: number }>(
  points: readonly T[],
  measureOf: (point: T) => number | undefined,
): { readonly x: Column; readonly y: Column } => ({
  x: points.map(({ step }) => step),
  y: points.map((point) => measureOf(point) ?? Number.NaN),
});
