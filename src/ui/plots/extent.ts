import type { Column, Picture, Plot } from "./plot.ts";

/** The values at both ends of an axis, and whether it is a log one. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

export interface ExtentOptions {
  /** Log where nothing is negative and something is positive. */
  readonly log: boolean;
  readonly clipOutliers: boolean;
  readonly fromZero?: boolean;
}

/** Fraction of the height, or of the decades, that stays free above and below the curves. */
const room = 0.06;
/** Fraction of a curve's values that counts as outliers, at each end. */
const outliers = 0.05;
/** A guide is in view where it is at most this many times as large, or as small, as the curves. */
const near = 10;

/** Values of a column, of those inside [from, to] along `x`. */
function inside({ x, columns }: { x: Column; columns: readonly Column[] }, from: number, to: number): number[] {
  const values: number[] = [];
  for (let index = 0; index < x.length; index++) {
    const step = x[index] ?? 0;
    if (step < from || step > to) continue;
    for (const column of columns) {
      const value = column[index];
      if (value !== undefined && Number.isFinite(value)) values.push(value);
    }
  }
  return values;
}

function withoutOutliers(values: readonly number[]): readonly number[] {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(outliers * sorted.length);
  return [...sorted.subarray(cut, sorted.length - cut)];
}

/** All values of a picture that decide the range of its y axis; without outliers, bands do not. */
function valuesOf(
  { lines, band, groups = [] }: Picture,
  { from, to }: Steps,
  clipOutliers: boolean,
): readonly number[] {
  const curves = lines.map(({ x, y }) => inside({ x, columns: [y] }, from, to));
  // Each curve by itself: the few values of a validation are no outliers among those of all batches
  if (clipOutliers) return curves.flatMap(withoutOutliers);
  const bands = [...(band === undefined ? [] : [band]), ...groups];
  return curves.flat().concat(bands.flatMap(({ x, low, high }) => inside({ x, columns: [low, high] }, from, to)));
}

export interface Steps {
  readonly from: number;
  readonly to: number;
}

function rangeOf(values: readonly number[]): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/**
 * Range of the y axis over the steps in view, with room around the curves. A loss that rounds to 0 for a batch lies below
 * every log axis and must not flatten all the others on a linear one.
 */
export function extentOf(picture: Picture, steps: Steps, options: ExtentOptions): Extent {
  const { log, clipOutliers, fromZero = false } = options;
  const values = valuesOf(picture, steps, clipOutliers);
  const [low, high] = rangeOf(values);
  if (!(high >= low)) return log ? { low: 0.1, high: 1, log } : { low: 0, high: 1, log };
  const guides = (picture.guides ?? []).map(({ value }) => value);
  if (log && low >= 0 && high > 0) {
    const positive = values.filter((value) => value > 0);
    const [least] = rangeOf(positive);
    const close = guides.filter((value) => value > least / near && value < high * near);
    const [lowest, highest] = rangeOf([least, high, ...close]);
    // At least half a decade, so that a flat curve does not look like a storm.
    const factor = Math.max((highest / lowest) ** room, highest / lowest < 3 ? 1.3 : 1);
    return { low: lowest / factor, high: highest * factor, log };
  }
  const size = Math.max(Math.abs(low), Math.abs(high));
  const close = guides.filter((value) => Math.abs(value) <= near * size);
  const [lowest, highest] = rangeOf([low, high, ...close, ...(fromZero ? [0] : [])]);
  const margin = (highest - lowest || Math.abs(highest) || 1) * room;
  // Zero as the border of what cannot be negative.
  return { low: lowest >= 0 && lowest - margin < 0 ? 0 : lowest - margin, high: highest + margin, log: false };
}

/** Whether a plot's y axis is to be a log one. */
export const wantsLog = ({ axis }: Plot, chosen: boolean): boolean => (axis === "chosen" ? chosen : axis === "log");
