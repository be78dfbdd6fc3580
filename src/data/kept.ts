import { formatCount } from "../lib/format.ts";
import { createRandom } from "../lib/random.ts";
import type { PreparedData } from "./prepare.ts";

/** Substreams 0 to 2 of the `data` stream draw the examples, their split, and their label noise. */
const KEPT_SUBSTREAM = 3;

export interface Kept {
  readonly seed: number;
  /** Fraction of the training split, more than 0 and at most 1. */
  readonly kept: number;
}

/** Rows of `values` (N, width). */
const rowsOf = (values: Float32Array, width: number, rows: Uint32Array): Float32Array => {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    out.set(values.subarray(row * width, (row + 1) * width), index * width);
  });
  return out;
};

/**
 * The data with only a random part of its training split, at least one example, in the old order. A smaller part lies
 * in every larger one, and the validation and test splits stay as they are: a model that has seen more examples before
 * has still not seen any of those.
 */
export function withKept(data: PreparedData, { seed, kept }: Kept): PreparedData {
  const { splits, inputWidth, targetWidth, cleanTargets, notes } = data;
  const { inputs, targets, count } = splits.train;
  const left = Math.max(1, Math.round(kept * count));
  if (left >= count) return data;
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  createRandom(seed, "data", KEPT_SUBSTREAM).shuffle(order);
  const rows = order.subarray(0, left).sort();
  const train = {
    count: left,
    inputs: rowsOf(inputs, inputWidth, rows),
    targets: rowsOf(targets, targetWidth, rows),
  };
  return {
    ...data,
    splits: { ...splits, train },
    ...(cleanTargets && { cleanTargets: rowsOf(cleanTargets, targetWidth, rows) }),
    notes: [...notes, `Trained on ${formatCount(left)} of ${formatCount(count)} training examples.`],
  };
}
