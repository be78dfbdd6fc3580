import { controlOf, setControl } from "../common/control.ts";
import type { ReferenceCall, ReferenceKernel } from "../kernel.ts";

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** Puts values into the replica's row of the table `metrics` (K, R, 8), and moves the clock on. */
function record({ bindings: { metrics, clock }, constants: { R }, replica }: ReferenceCall, values: readonly number[]) {
  const row = clock[0];
  metrics.set(values, 8 * (row * R + replica));
  clock.set([row + 1, row]);
}

const batchSums = ({ bindings: { rowLoss, rowHit }, constants: { B } }: ReferenceCall) =>
  [sum(rowLoss.subarray(0, B)), sum(rowHit.subarray(0, B))] as const;

export const recordEvaluation: ReferenceKernel = (call) => record(call, batchSums(call));

/** ||g||_2 of each tensor and of all gradients together, and the number, from 1, of the first that is not finite. */
export const recordStep: ReferenceKernel = (call) => {
  const { partials, laneEnds, tensorNorms } = call.bindings;
  const { tensors, elements, penalized } = call.constants;
  const { lossScale } = controlOf(call.bindings);
  let firstNonFinite = 0;
  let clipped = 0;
  for (let t = 0; t < tensors; t++) {
    const lanes = partials.subarray(t === 0 ? 0 : 2 * laneEnds[t - 1], 2 * laneEnds[t]);
    const squares = lanes.filter((_, index) => index % 2 === 0);
    tensorNorms[t] = Math.sqrt(sum(squares.map((x) => (x < 0 ? -x * 2 ** 140 : x)))) / lossScale;
    const counts = lanes.filter((_, index) => index % 2 === 1);
    const nonFinite = sum(counts.filter((count) => count > 0));
    clipped -= sum(counts.filter((count) => count < 0));
    if (nonFinite > 0 && firstNonFinite === 0) firstNonFinite = t + 1;
  }
  const gradNorm = Math.sqrt(sum(tensorNorms.subarray(0, tensors).map((norm) => norm ** 2)));
  const L = laneEnds[tensors - 1];
  const penalty = penalized === 1 ? sum(partials.subarray(2 * L, 3 * L)) : 0;
  const { clipFactor, isSkipped } = steer(call, { gradNorm, allFinite: firstNonFinite === 0 });
  record(call, [
    ...[...batchSums(call), gradNorm, firstNonFinite],
    ...[penalty, clipFactor * (1 - clipped / elements), lossScale, isSkipped ? 1 : 0],
  ]);
};

/** PyTorch's clip_grad_norm_, and the growth and back-off of its GradScaler. */
function steer({ bindings }: ReferenceCall, { gradNorm, allFinite }: { gradNorm: number; allFinite: boolean }) {
  const { maxNorm, growthInterval, lossScale, streak, updated } = controlOf(bindings);
  const clipFactor = gradNorm > maxNorm && maxNorm < Math.fround(3e38) ? maxNorm / (gradNorm + 1e-6) : 1;
  const isScaled = growthInterval > 0;
  const isSkipped = isScaled && !allFinite;
  const grows = isScaled && !isSkipped && streak + 1 >= growthInterval;
  setControl(bindings, {
    factor: isSkipped ? 0 : Math.max(clipFactor / lossScale, 2 ** -126),
    lossScale: isSkipped ? lossScale / 2 : grows ? 2 * lossScale : lossScale,
    streak: isSkipped || grows ? 0 : streak + 1,
    updated: isSkipped ? updated : updated + 1,
  });
  return { clipFactor, isSkipped };
}
