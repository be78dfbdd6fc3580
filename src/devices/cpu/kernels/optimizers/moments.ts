// Adam's two moments, for the optimizers that keep both.
//
//   m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2
//
// https://arxiv.org/abs/1412.6980, Algorithm 1

import { loadLanes, storeLanes } from "../common/lanes";

/** Stores and returns the new first moments of `count` parameters, `offset` bytes from the first. */
@inline
export function firstMoment<Args, Scalars>(args: Args, s: Scalars, g: v128, offset: usize, count: u32): v128 {
  const old = f32x4.mul(f32x4.splat(s.beta1), loadLanes(args.m + offset, count));
  const m = f32x4.add(old, f32x4.mul(f32x4.splat(s.oneMinusBeta1), g));
  storeLanes(args.m + offset, m, count);
  return m;
}

/** As `firstMoment`, of the second moments. */
@inline
export function secondMoment<Args, Scalars>(args: Args, s: Scalars, g: v128, offset: usize, count: u32): v128 {
  const old = f32x4.mul(f32x4.splat(s.beta2), loadLanes(args.v + offset, count));
  const v = f32x4.add(old, f32x4.mul(f32x4.mul(f32x4.splat(s.oneMinusBeta2), g), g));
  storeLanes(args.v + offset, v, count);
  return v;
}

/** sqrt(v) / sqrt(1 - beta2^t) + epsilon */
@inline
export function correctedRoot<Scalars>(s: Scalars, v: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(s.inverseRootBias2)), f32x4.splat(s.epsilon));
}
