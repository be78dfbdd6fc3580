import type { PreparedData } from "../data/prepare.ts";
import type { LossConfig } from "./config.ts";

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;

/** Entropy of the classes' frequencies in nats: the cross-entropy of answering with them. */
function classEntropy(labels: Float32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / labels.length) * Math.log(count / labels.length);
  return entropy;
}

/** The columns of targets (N, O). */
const columnsOf = (targets: Float32Array, width: number): readonly Float32Array[] =>
  Array.from({ length: width }, (_, column) => targets.filter((_, index) => index % width === column));

const variance = (values: Float32Array): number => {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
};

const deviation = (values: Float32Array): number => {
  const middle = values.toSorted()[Math.floor(values.length / 2)] ?? 0;
  return mean(values.map((value) => Math.abs(value - middle)));
};

/** How much the targets of the training split differ: nats for classes, squares and sizes for numbers. */
export interface TargetSpread {
  readonly entropy?: number;
  /** Means over the targets' columns: around the mean, and around the median. */
  readonly variance?: number;
  readonly deviation?: number;
}

/** Examples that are enough to know it by. */
const ENOUGH = 8192;

export function targetSpread({ splits, targetWidth, task }: PreparedData): TargetSpread {
  const targets = splits.train.targets.subarray(0, ENOUGH * targetWidth);
  if (task === "classification") return { entropy: classEntropy(targets) };
  const columns = columnsOf(targets, targetWidth);
  return { variance: mean(columns.map(variance)), deviation: mean(columns.map(deviation)) };
}

/** What the best constant answer loses; Huber's has no closed form. */
const guesses: { readonly [K in LossConfig["kind"]]?: keyof TargetSpread } = {
  "cross-entropy": "entropy",
  "bce-with-logits": "entropy",
  mse: "variance",
  mae: "deviation",
};

/** The loss of the best answer that ignores the inputs; nothing where it is not known. */
export function guessingLoss(spread: TargetSpread, kind: LossConfig["kind"]): number | undefined {
  const measure = guesses[kind];
  return measure === undefined ? undefined : spread[measure];
}
