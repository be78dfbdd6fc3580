// y = max(x, 0), written so that a NaN goes through: max(NaN, 0) may be 0

import { loadLanes, storeLanes } from "../common/lanes";

/** Applies the function to `count` numbers in place. */
export function reluForward(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, values += 16) {
    const x = loadLanes(values, count - i);
    storeLanes(values, v128.andnot(x, f32x4.lt(x, f32x4.splat(0))), count - i);
  }
}

/** Multiplies `count` gradients by the derivative; `saved` is the function's output. */
export function reluBackward(grads: usize, saved: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, grads += 16, saved += 16) {
    const y = loadLanes(saved, count - i);
    const derivative = v128.and(f32x4.splat(1), f32x4.gt(y, f32x4.splat(0)));
    storeLanes(grads, f32x4.mul(loadLanes(grads, count - i), derivative), count - i);
  }
}
