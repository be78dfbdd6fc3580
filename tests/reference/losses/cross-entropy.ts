import { lossKernel } from "./loss.ts";

/** log softmax(z)_k = z_k - log sum_c exp(z_c), shifted by the largest logit. */
function logSoftmax(logits: readonly number[]): readonly number[] {
  const largest = Math.max(...logits);
  const logSum = largest + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - largest), 0));
  return logits.map((z) => z - logSum);
}

/** Numbers of the settings before the classes' weights. */
const FIRST_WEIGHT = 4;

/** The target distribution q, with label smoothing and class weights: not normalised where there are weights. */
export function sharesOf(label: number, [own, every, ...rest]: readonly number[]): readonly number[] {
  const weights = rest.slice(FIRST_WEIGHT - 2);
  return weights.map((weight, c) => every * weight + (c === label ? own * weight : 0));
}

/** -sum_c q_c log softmax(z)_c; its gradient is softmax(z) sum_c q_c - q. */
export const crossEntropy = lossKernel(
  ({ outputs, targets: [label], settings }) => {
    const shares = sharesOf(label, settings);
    const total = shares.reduce((sum, share) => sum + share, 0);
    const logProbabilities = logSoftmax(outputs);
    return {
      // A class without a share has no part in the loss, however unlikely it is
      loss: -logProbabilities.reduce((sum, l, c) => sum + (shares[c] === 0 ? 0 : shares[c] * l), 0),
      hit: outputs.indexOf(Math.max(...outputs)) === label,
      gradient: logProbabilities.map((l, c) => Math.exp(l) * total - shares[c]),
      weight: settings[FIRST_WEIGHT + label],
    };
  },
  ([, , weightScale]) => (weightScale > 0 ? 1 / weightScale : undefined),
);
