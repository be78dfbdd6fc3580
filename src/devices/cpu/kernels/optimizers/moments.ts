// Adam's two moments, which Adam and AdamW share.
//
//   m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2
//   step = learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
//
// https://arxiv.org/abs/1412.6980, Algorithm 1

import { loadLanes, storeLanes } from "../common/lanes";

/** Stores the new moments of `count` parameters, `offset` bytes from the first, and returns the step. */
@inline
export function momentsStep<Args, Scalars>(args: Args, s: Scalars, g: v128, offset: usize, count: u32): v128 {
  const oldM = f32x4.mul(f32x4.splat(s.beta1), loadLanes(args.m + offset, count));
  const m = f32x4.add(oldM, f32x4.mul(f32x4.splat(s.oneMinusBeta1), g));
  const oldV = f32x4.mul(f32x4.splat(s.beta2), loadLanes(args.v + offset, count));
  const v = f32x4.add(oldV, f32x4.mul(f32x4.mul(f32x4.splat(s.oneMinusBeta2), g), g));
  storeLanes(args.m + offset, m, count);
  storeLanes(args.v + offset, v, count);
  const root = f32x4.mul(f32x4.sqrt(v), f32x4.splat(s.inverseRootBias2));
  return f32x4.div(f32x4.mul(f32x4.splat(s.stepSize), m), f32x4.add(root, f32x4.splat(s.epsilon)));
}
