import { batchOf } from "../common/batch.ts";
import type { ReferenceKernel } from "../kernel.ts";

/** The mean over an example's outputs of (prediction - target)^2; its gradient is that of the mean over examples. */
export const mse: ReferenceKernel = ({ bindings, constants: { B, O } }) => {
  const { outputs, targets, rowLoss, rowHit } = bindings;
  const { count } = batchOf(bindings);
  for (let b = 0; b < B; b++) {
    rowLoss[b] = 0;
    rowHit[b] = 0;
    for (let o = b * O; o < (b + 1) * O; o++) {
      const difference = outputs[o] - targets[o];
      rowLoss[b] += b < count ? difference ** 2 / O : 0;
      outputs[o] = b < count ? (2 * difference) / (count * O) : 0;
    }
  }
};
