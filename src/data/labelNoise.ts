import { formatCount, formatSetting } from "../lib/format.ts";
import { createRandom, type Random } from "../lib/random.ts";
import type { PreparedData } from "./prepare.ts";

/** The examples are drawn from substream 0 of the `data` stream, their split from 1. */
const NOISE_SUBSTREAM = 2;

export interface LabelNoise {
  readonly seed: number;
  /** Classification: fraction of the training examples, 0 to 1. Regression: standard deviations of the targets. */
  readonly labelNoise: number;
}

/** Another class for the first so many of the examples in a random order: more noise keeps what less noise spoilt. */
function withWrongClasses(targets: Float32Array, classes: number, fraction: number, random: Random): Float32Array {
  const order = Uint32Array.from(targets, (_, index) => index);
  random.shuffle(order);
  const noisy = targets.slice();
  for (const index of order.subarray(0, Math.round(fraction * targets.length))) {
    noisy[index] = ((targets[index] ?? 0) + 1 + random.integer(classes - 1)) % classes;
  }
  return noisy;
}

/** Normal noise on each target (N, O), in its own standard deviations over the training split. */
function withShiftedTargets(targets: Float32Array, width: number, deviations: number, random: Random): Float32Array {
  const count = targets.length / width;
  const scales = Array.from({ length: width }, (_, column) => {
    const values = Array.from({ length: count }, (_, row) => targets[row * width + column] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  });
  return targets.map((value, index) => value + deviations * (scales[index % width] ?? 0) * random.normal());
}

/** The data with noise on the labels of its training split, drawn from the data's seed; the other splits stay clean. */
export function withLabelNoise(data: PreparedData, { seed, labelNoise }: LabelNoise): PreparedData {
  const { task, outputs, splits, targetWidth, notes } = data;
  const isClassification = task === "classification";
  if (labelNoise === 0 || (isClassification && outputs < 2)) return data;
  const random = createRandom(seed, "data", NOISE_SUBSTREAM);
  const { count, targets } = splits.train;
  const noisy = isClassification
    ? withWrongClasses(targets, outputs, labelNoise, random)
    : withShiftedTargets(targets, targetWidth, labelNoise, random);
  const note = isClassification
    ? `Label noise: ${formatCount(Math.round(labelNoise * count))} of ${formatCount(count)} training examples have a wrong class.`
    : `Label noise: ${formatSetting(labelNoise)} standard deviations on the training targets.`;
  const withNoise = { ...splits, train: { ...splits.train, targets: noisy } };
  return { ...data, splits: withNoise, cleanTargets: targets, notes: [...notes, note] };
}
