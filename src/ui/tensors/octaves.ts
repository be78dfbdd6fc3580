import { formatSetting } from "../../lib/format.ts";
import { rangeExponents } from "../../session/ranges.ts";

const power = (exponent: number): string => `2^${formatSetting(exponent)}`;
const LAST = rangeExponents.length - 1;

/** The exponents at the ends and in the middle of a histogram of sizes. */
export const octaveMarks: readonly string[] = [1, Math.floor(LAST / 2), LAST].map((octave) =>
  formatSetting(rangeExponents[octave]),
);

/** The octaves that hold the middle nine tenths of what was counted, in words: "most from 2^−14 to 2^−6". */
export function describeOctaves(octaves: Uint32Array): string {
  const all = octaves.reduce((sum, count) => sum + count, 0);
  if (all === 0) return "all are 0";
  const octaveAt = (fraction: number) => {
    let sum = 0;
    return octaves.findIndex((count) => {
      sum += count;
      return sum >= fraction * all;
    });
  };
  const [first, last] = [octaveAt(0.05), octaveAt(0.95)];
  const [low, high] = [rangeExponents[first] ?? 0, rangeExponents[last + 1] ?? 0];
  if (last === LAST) return `most from ${power(low)} on`;
  return first === 0 ? `most below ${power(high)}` : `most from ${power(low)} to ${power(high)}`;
}
