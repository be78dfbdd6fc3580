// y = x for x >= 0, otherwise 0.01 x; x and y have one sign, so the gradient follows from y

import { loadLanes, storeLanes } from "../common/lanes";

const NEGATIVE_SLOPE: f32 = 0.01;

/** Applies the function to `count` numbers in place. */
export function leakyReluForward(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, values += 16) {
    const x = loadLanes(values, count - i);
    const shrunk = f32x4.mul(x, f32x4.splat(NEGATIVE_SLOPE));
    storeLanes(values, v128.bitselect(shrunk, x, f32x4.lt(x, f32x4.splat(0))), count - i);
  }
}

/** Multiplies `count` gradients by the derivative; `saved` is the function's output. */
export function leakyReluBackward(grads: usize, saved: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, grads += 16, saved += 16) {
    const y = loadLanes(saved, count - i);
    const derivative = v128.bitselect(f32x4.splat(1), f32x4.splat(NEGATIVE_SLOPE), f32x4.gt(y, f32x4.splat(0)));
    storeLanes(grads, f32x4.mul(loadLanes(grads, count - i), derivative), count - i);
  }
}
