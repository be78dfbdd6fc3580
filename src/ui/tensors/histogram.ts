import { formatPercent, formatSetting } from "../../lib/format.ts";
import { HISTOGRAM_BINS, type Histogram, histogramExponents } from "../../session/measurements.ts";

const BINS_PER_SIGN = HISTOGRAM_BINS / 2;
/** From here on, zeros and the smallest values of a histogram are worth a word. */
const MANY_ZEROS = 0.05;

/** Heights of bars from 0 to 1, the highest 1; all 0 where nothing was counted. */
export function heights(counts: ArrayLike<number>): readonly number[] {
  const all = Array.from(counts);
  const most = Math.max(1, ...all);
  return all.map((count) => count / most);
}

/** Bars on a common baseline as the data of one SVG path, each `width` wide, up to `height` high; empty bars draw nothing. */
export function barsPath(
  shares: readonly number[],
  { width, height, from = 0 }: { readonly width: number; readonly height: number; readonly from?: number },
): string {
  const rounded = (value: number) => Number(value.toFixed(2));
  return shares
    .map((share, index) => {
      if (share === 0) return "";
      // A single value in a bin stays visible beside thousands in another
      const tall = rounded(Math.max(1, share * height));
      return `M${rounded((from + index) * width)},${height}v${-tall}h${width}v${tall}z`;
    })
    .join("");
}

/** Where half of the values lie, by size: the lower end of one bin and the upper end of another, as exponents of 2. */
function middleHalf(histogram: Histogram): readonly [low: number, high: number] | undefined {
  const { counts } = histogram;
  const sizes = Array.from({ length: BINS_PER_SIGN }, (_, k) => sizeCount(counts, k));
  const all = sizes.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  const exponentOf = (k: number) => histogramExponents[BINS_PER_SIGN + k] ?? Number.POSITIVE_INFINITY;
  const binAt = (share: number) => {
    let sum = 0;
    return sizes.findIndex((count) => {
      sum += count;
      return sum >= share * all;
    });
  };
  return [exponentOf(binAt(0.25)), exponentOf(binAt(0.75) + 1)];
}

const sizeCount = (counts: Uint32Array, k: number): number =>
  (counts[BINS_PER_SIGN + k] ?? 0) + (counts[BINS_PER_SIGN - 1 - k] ?? 0);

/** A histogram in words: "half of them between 0.016 and 0.25 in size, 49.2 % negative". */
export function describeHistogram(histogram: Histogram): string {
  const { counts, nonFinite } = histogram;
  const all = counts.reduce((sum, count) => sum + count, 0);
  const half = middleHalf(histogram);
  const bad = nonFinite === 0 ? [] : [`${nonFinite} not finite`];
  if (half === undefined) return bad.join() || "no values";
  const negative = counts.subarray(0, BINS_PER_SIGN).reduce((sum, count) => sum + count, 0) / all;
  const tiny = sizeCount(counts, 0) / all;
  return [spanOf(half), ...zerosOf(tiny), `${formatPercent(negative)} negative`, ...bad].join(", ");
}

function spanOf([low, high]: readonly [low: number, high: number]): string {
  const sized = (exponent: number) => formatSetting(2 ** exponent, 2);
  const least = histogramExponents[BINS_PER_SIGN] ?? 0;
  if (!Number.isFinite(high)) return `half of them ${sized(low)} or more in size`;
  if (low === least) return `half of them below ${sized(high)} in size`;
  return `half of them between ${sized(low)} and ${sized(high)} in size`;
}

const zerosOf = (share: number): readonly string[] =>
  share < MANY_ZEROS ? [] : [`${formatPercent(share)} 0 or close to it`];
