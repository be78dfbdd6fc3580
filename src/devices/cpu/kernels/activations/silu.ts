// y = x s(x) with the sigmoid s, y' = s + x s (1 - s)
// https://arxiv.org/abs/1702.03118

import { loadLanes, storeLanes } from "../common/lanes";
import { sigmoid } from "../common/math";

/** Applies the function to `count` numbers in place. */
export function siluForward(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, values += 16) {
    const x = loadLanes(values, count - i);
    storeLanes(values, f32x4.mul(x, sigmoid(x)), count - i);
  }
}

/** Multiplies `count` gradients by the derivative; `saved` is the function's input. */
export function siluBackward(grads: usize, saved: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, grads += 16, saved += 16) {
    const x = loadLanes(saved, count - i);
    const s = sigmoid(x);
    const derivative = f32x4.add(s, f32x4.mul(f32x4.mul(x, s), f32x4.sub(f32x4.splat(1), s)));
    storeLanes(grads, f32x4.mul(loadLanes(grads, count - i), derivative), count - i);
  }
}
