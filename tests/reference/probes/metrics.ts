import type { ReferenceCall, ReferenceKernel } from "../kernel.ts";

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** Puts values into the replica's row of the table `metrics` (K, R, 4), and moves the clock on. */
function record({ bindings: { metrics, clock }, constants: { R }, replica }: ReferenceCall, values: readonly number[]) {
  const row = clock[0];
  metrics.set(values, 4 * (row * R + replica));
  clock.set([row + 1, row]);
}

const batchSums = ({ bindings: { rowLoss, rowHit }, constants: { B } }: ReferenceCall) =>
  [sum(rowLoss.subarray(0, B)), sum(rowHit.subarray(0, B))] as const;

export const recordEvaluation: ReferenceKernel = (call) => record(call, batchSums(call));

/** ||g||_2 of each tensor and of all gradients together, and the number, from 1, of the first that is not finite. */
export const recordStep: ReferenceKernel = (call) => {
  const { partials, laneEnds, tensorNorms } = call.bindings;
  const { tensors } = call.constants;
  let firstNonFinite = 0;
  for (let t = 0; t < tensors; t++) {
    const lanes = partials.subarray(t === 0 ? 0 : 2 * laneEnds[t - 1], 2 * laneEnds[t]);
    tensorNorms[t] = Math.sqrt(sum(lanes.filter((_, index) => index % 2 === 0)));
    const nonFinite = sum(lanes.filter((_, index) => index % 2 === 1));
    if (nonFinite > 0 && firstNonFinite === 0) firstNonFinite = t + 1;
  }
  const gradNorm = Math.sqrt(sum(tensorNorms.subarray(0, tensors).map((norm) => norm ** 2)));
  record(call, [...batchSums(call), gradNorm, firstNonFinite]);
};
