// y = sin(x), y' = cos(x)
// https://arxiv.org/abs/2006.09661

import { loadLanes, storeLanes } from "../common/lanes";
import { cos, sin } from "../common/math";

/** Applies the function to `count` numbers in place. */
export function sineForward(values: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, values += 16) {
    const x = loadLanes(values, count - i);
    storeLanes(values, sin(x), count - i);
  }
}

/** Multiplies `count` gradients by the derivative; `saved` is the function's input. */
export function sineBackward(grads: usize, saved: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4, grads += 16, saved += 16) {
    const x = loadLanes(saved, count - i);
    const derivative = cos(x);
    storeLanes(grads, f32x4.mul(loadLanes(grads, count - i), derivative), count - i);
  }
}
