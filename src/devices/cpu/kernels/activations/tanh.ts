// y = tanh(x), y' = 1 - y^2

import { loadLanes, storeLanes } from "../common/lanes";
import { tanh } from "../common/math";

/** Applies the function to `count` numbers in place. */
export function tanhForward(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, values += 16) {
    const x = loadLanes(values, count - i);
    storeLanes(values, tanh(x), count - i);
  }
}

/** Multiplies `count` gradients by the derivative; `saved` is the function's output. */
export function tanhBackward(grads: usize, saved: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, grads += 16, saved += 16) {
    const y = loadLanes(saved, count - i);
    const derivative = f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
    storeLanes(grads, f32x4.mul(loadLanes(grads, count - i), derivative), count - i);
  }
}
