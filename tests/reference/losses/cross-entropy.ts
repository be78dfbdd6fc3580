import { batchOf } from "../common/batch.ts";
import type { ReferenceKernel } from "../kernel.ts";

/** log softmax(z)_k = z_k - log sum_c exp(z_c), shifted by the largest logit. */
function logSoftmax(logits: readonly number[]): readonly number[] {
  const largest = Math.max(...logits);
  const logSum = largest + Math.log(logits.reduce((sum, z) => sum + Math.exp(z - largest), 0));
  return logits.map((z) => z - logSum);
}

/** -log softmax(z)_label of each example; the gradient of their mean is (softmax(z) - onehot(label)) / count. */
export const crossEntropy: ReferenceKernel = ({ bindings, constants: { B, O } }) => {
  const { outputs, targets, rowLoss, rowHit } = bindings;
  const { count } = batchOf(bindings);
  for (let b = 0; b < B; b++) {
    const row = outputs.subarray(b * O, (b + 1) * O);
    const logits = [...row];
    const logProbabilities = logSoftmax(logits);
    const isUsed = b < count;
    rowLoss[b] = isUsed ? -logProbabilities[targets[b]] : 0;
    rowHit[b] = isUsed && logits.indexOf(Math.max(...logits)) === targets[b] ? 1 : 0;
    row.set(logProbabilities.map((l, c) => (isUsed ? (Math.exp(l) - (c === targets[b] ? 1 : 0)) / count : 0)));
  }
};
