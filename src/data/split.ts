import { createRandom } from "../lib/random.ts";
import { DataError } from "./table.ts";

export const splitNames = ["train", "validation", "test"] as const;
export type SplitName = (typeof splitNames)[number];

/** How examples are divided; the test split takes the rest. */
export interface SplitFractions {
  /** Seeds which examples go where. */
  readonly seed: number;
  readonly train: number;
  readonly validation: number;
}

/** Row numbers of each split, ascending, so that the order of the source survives within a split. */
export type SplitRows = Readonly<Record<SplitName, Uint32Array>>;

/** The examples themselves are drawn from substream 0 of the `data` stream. */
const SPLIT_SUBSTREAM = 1;
/** Fractions such as 0.7 + 0.15 + 0.15 need not add up to 1 exactly. */
const ROUNDING = 1e-9;

function checkFractions({ train, validation }: SplitFractions): void {
  if (!(train > 0 && train <= 1)) {
    throw new DataError(`training fraction: got ${train}, expected more than 0 and at most 1. Choose for example 0.7.`);
  }
  if (!(validation >= 0 && train + validation <= 1 + ROUNDING)) {
    const allowed = `expected 0 to ${Number((1 - train).toFixed(6))}, what training leaves`;
    throw new DataError(`validation fraction: got ${validation}, ${allowed}. Choose for example 0.15.`);
  }
}

/** How many of n examples each split gets: rounded, but none empty that asked for some, as far as n goes. */
function countsOf(n: number, fractions: SplitFractions): Record<SplitName, number> {
  const { train, validation } = fractions;
  const wantsTest = 1 - train - validation > ROUNDING;
  const counts = { train: Math.round(n * train), validation: 0, test: 0 };
  counts.validation = wantsTest ? Math.min(Math.round(n * validation), n - counts.train) : n - counts.train;
  counts.test = n - counts.train - counts.validation;
  const wanted = { train: true, validation: validation > 0, test: wantsTest };
  for (const name of splitNames) {
    if (!wanted[name] || counts[name] > 0) continue;
    const giver = splitNames.reduce((most, other) => (counts[other] > counts[most] ? other : most));
    if (counts[giver] < (name === "train" ? 1 : 2)) continue;
    counts[giver]--;
    counts[name]++;
  }
  return counts;
}

/**
 * Divides n examples at random. With class labels the split is stratified: each class is spread over the splits in the
 * same proportions, to within one example.
 *
 * @param labels (N) class numbers; without them, all examples count as one class.
 * @throws DataError when the fractions are none, or when no example is left to train on.
 */
export function splitRows(n: number, fractions: SplitFractions, labels?: ArrayLike<number>): SplitRows {
  checkFractions(fractions);
  if (n < 1)
    throw new DataError("examples: got none, expected at least one to train on. Check the rows that were dropped.");
  const shuffled = Uint32Array.from({ length: n }, (_, row) => row);
  createRandom(fractions.seed, "data", SPLIT_SUBSTREAM).shuffle(shuffled);
  const rows = labels === undefined ? shuffled : interleaveClasses(shuffled, labels);
  const { train, validation } = countsOf(n, fractions);
  return {
    train: rows.slice(0, train).sort(),
    validation: rows.slice(train, train + validation).sort(),
    test: rows.slice(train + validation).sort(),
  };
}

/**
 * Reorders rows so that any run of them holds each class in its overall proportion: the k-th of a class's m rows comes
 * at (k + 1/2) / m of the whole.
 */
function interleaveClasses(shuffled: Uint32Array, labels: ArrayLike<number>): Uint32Array {
  const sizes = new Map<number, number>();
  const rank = new Float64Array(shuffled.length);
  const labelOf = (row: number): number => labels[row] as number;
  for (const row of shuffled) {
    const before = sizes.get(labelOf(row)) ?? 0;
    rank[row] = before + 0.5;
    sizes.set(labelOf(row), before + 1);
  }
  const place = (row: number): number => (rank[row] as number) / (sizes.get(labelOf(row)) as number);
  // Sorting is stable: among classes that meet at one place, the shuffled order decides.
  return shuffled.slice().sort((a, b) => place(a) - place(b));
}
