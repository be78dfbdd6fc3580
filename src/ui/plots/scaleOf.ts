import type { PlotData } from "./plot.ts";

/** The values of a plot that can be drawn, and whether the axis is a log one. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly lastStep: number;
}

/** Fraction of the height, or of the decades, that stays free above and below the curves. */
const room = 0.06;
/** Steps that an empty or very short plot covers. */
const fewestSteps = 10;

/**
 * Range of both axes, with room around the curves. Log where nothing is negative and something is positive: a loss that
 * rounds to 0 for a batch lies below every log axis and must not flatten all the others on a linear one.
 */
export function extentOf({ band, lines }: PlotData): Extent {
  const values = [band.low, band.high, ...lines.map(({ y }) => y)].flatMap((column) =>
    Array.from(column).filter(Number.isFinite),
  );
  const lastStep = Math.max(fewestSteps, ...lines.map(({ x }) => x[x.length - 1] ?? 0));
  const [low, high] = rangeOf(values);
  if (!(high >= low)) return { low: 0.1, high: 1, log: true, lastStep };
  if (low >= 0 && high > 0) {
    const [lowest] = rangeOf(values.filter((value) => value > 0));
    // At least half a decade, so that a flat curve does not look like a storm.
    const factor = Math.max((high / lowest) ** room, high / lowest < 3 ? 1.3 : 1);
    return { low: lowest / factor, high: high * factor, log: true, lastStep };
  }
  const margin = (high - low || 1) * room;
  return { low: low - margin, high: high + margin, log: false, lastStep };
}

const rangeOf = (values: readonly number[]): readonly [low: number, high: number] => [
  Math.min(...values),
  Math.max(...values),
];
