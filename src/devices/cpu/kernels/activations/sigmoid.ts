// y = 1 / (1 + exp(-x)), y' = y (1 - y)

import { loadLanes, storeLanes } from "../common/lanes";
import { sigmoid } from "../common/math";

/** Applies the function to `count` numbers in place. */
export function sigmoidForward(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, values += 16) {
    const x = loadLanes(values, count - i);
    storeLanes(values, sigmoid(x), count - i);
  }
}

/** Multiplies `count` gradients by the derivative; `saved` is the function's output. */
export function sigmoidBackward(grads: usize, saved: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, grads += 16, saved += 16) {
    const y = loadLanes(saved, count - i);
    const derivative = f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
    storeLanes(grads, f32x4.mul(loadLanes(grads, count - i), derivative), count - i);
  }
}
