import type { ReferenceKernel } from "../kernel.ts";
import { binaryFormats, nearest } from "./rounding.ts";

const [SLICES, COLUMNS, FATES] = [16, 48, 4];

/** Which counts a number belongs to: what rounding does to it, and its octave. */
function columnsOf(x: number, format: number): readonly number[] {
  if (x === 0) return [0];
  if (!Number.isFinite(x)) return [3];
  const rounded = nearest(x, binaryFormats[format]);
  const fate = rounded === 0 ? [1] : Number.isFinite(rounded) ? [] : [2];
  const octave = Array.from({ length: COLUMNS - FATES - 1 }, (_, k) => 2 ** (k - 26)).filter(
    (bound) => bound <= Math.abs(x),
  );
  return [...fate, FATES + octave.length];
}

export const countRange: ReferenceKernel = ({ bindings: { values, counts }, constants: { format } }) => {
  counts.fill(0);
  values.forEach((x, index) => {
    for (const column of columnsOf(x, format)) counts[(index % SLICES) * COLUMNS + column] += 1;
  });
};
