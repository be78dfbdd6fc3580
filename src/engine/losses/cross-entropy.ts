import wgsl from "#shaders/losses/cross-entropy.wgsl?raw";
import type { ValuesOf } from "../../lib/hyperparameters.ts";
import { defineLoss } from "./loss.ts";

const hyperparameters = {
  labelSmoothing: {
    kind: "number",
    label: "Label smoothing",
    default: 0,
    min: 0,
    max: 0.99999,
    slider: [0, 0.5],
    scale: "linear",
    help: "The share of each label that goes to all classes alike.",
  },
  classWeights: {
    kind: "numbers",
    label: "Class weights",
    default: [],
    min: 0,
    max: 1e6,
    help: "How much examples of each class count, one number per class; none: all alike.",
  },
} as const;

type Values = ValuesOf<typeof hyperparameters>;

/** A weight per class. Throws a `RangeError` that names the number of classes. */
function weightsOf({ classWeights }: Values, classes: number): readonly number[] {
  if (classWeights.length === 0) return new Array<number>(classes).fill(1);
  if (classWeights.length !== classes) {
    throw new RangeError(
      `loss.classWeights: got ${classWeights.length} numbers, expected ${classes}, one per class, or none. ` +
        "Correct the list.",
    );
  }
  if (classWeights.some((weight) => weight > 0)) return classWeights;
  throw new RangeError("loss.classWeights: got only zeros, expected a number above 0. Correct the list.");
}

/** 1 / the mean weight of all targets; 0 where each batch shall take the mean of its own. */
function weightScale({ classWeights }: Values, targets: ArrayLike<number> | undefined): number {
  if (classWeights.length === 0) return 1;
  if (targets === undefined) return 0;
  let sum = 0;
  for (let row = 0; row < targets.length; row++) sum += classWeights[targets[row] ?? 0] ?? 0;
  // Where no example counts the batches' own means are none either, and the loss is NaN
  return sum === 0 ? 0 : targets.length / sum;
}

export const crossEntropy = defineLoss({
  name: "crossEntropy",
  label: "Cross-entropy",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html",
  task: "classification",
  hyperparameters,
  settings: (values, classes, targets) => {
    const weights = weightsOf(values, classes);
    const every = values.labelSmoothing / classes;
    const everyWeight = every * weights.reduce((sum, weight) => sum + weight, 0);
    return [1 - values.labelSmoothing, every, weightScale(values, targets), everyWeight, ...weights];
  },
  wgsl,
});
