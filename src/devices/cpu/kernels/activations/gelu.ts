// y = x Phi(x), the exact GELU of PyTorch; y' = Phi(x) + x phi(x), with the normal distribution's Phi and phi
// https://arxiv.org/abs/1606.08415

import { loadLanes, storeLanes } from "../common/lanes";
import { erfc, exp } from "../common/math";

/** Phi(x). */
@inline
function normalCdf(x: v128): v128 {
  return f32x4.mul(f32x4.splat(0.5), erfc(f32x4.mul(x, f32x4.splat(-0.70710678))));
}

/** phi(x). */
@inline
function normalDensity(x: v128): v128 {
  return f32x4.mul(f32x4.splat(0.39894228), exp(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))));
}

/** Applies the function to `count` numbers in place. */
export function geluForward(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, values += 16) {
    const x = loadLanes(values, count - i);
    storeLanes(values, f32x4.mul(x, normalCdf(x)), count - i);
  }
}

/** Multiplies `count` gradients by the derivative; `saved` is the function's input. */
export function geluBackward(grads: usize, saved: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, grads += 16, saved += 16) {
    const x = loadLanes(saved, count - i);
    const derivative = f32x4.add(normalCdf(x), f32x4.mul(x, normalDensity(x)));
    storeLanes(grads, f32x4.mul(loadLanes(grads, count - i), derivative), count - i);
  }
}
