import { createPermutation } from "../../../src/lib/permutation.ts";
import type { ReferenceCall, ReferenceKernel } from "../kernel.ts";

/** The row of the table `batches` that belongs to the step's batch: where in the epoch it starts, and how many it has. */
export function batchOf({ bindings: { clock, batches }, constants: { M, micro } }: ReferenceCall) {
  const [start, count, epoch, shuffled, step] = batches.subarray(5 * (clock[0] * M + micro));
  return { start, count, epoch, shuffled: shuffled === 1, step };
}

/** Examples in all batches of the step. */
export function stepCountOf({ bindings: { clock, batches }, constants: { M } }: ReferenceCall): number {
  const rows = Array.from({ length: M }, (_, micro) => clock[0] * M + micro);
  return rows.reduce((sum, row) => sum + batches[5 * row + 1], 0);
}

/** The seed whose two's complement has these halves. */
const seedOf = ([low, high]: Float64Array): number => (high | 0) * 2 ** 32 + low;

/** Example number `start + b` of the epoch goes into row b; rows past the end of a short batch are 0. */
export const gatherBatch: ReferenceKernel = (call) => {
  const { bindings, constants } = call;
  const { B, N, I, T } = constants;
  const { inputs, targets, orderKey, batchInputs, batchTargets } = bindings;
  const { start, count, epoch, shuffled } = batchOf(call);
  const exampleAt = shuffled ? createPermutation(N, epoch, seedOf(orderKey)) : (position: number) => position;
  batchInputs.fill(0, 0, B * I);
  batchTargets.fill(0, 0, B * T);
  for (let b = 0; b < count; b++) {
    const example = exampleAt(start + b);
    batchInputs.set(inputs.subarray(example * I, (example + 1) * I), b * I);
    batchTargets.set(targets.subarray(example * T, (example + 1) * T), b * T);
  }
};
