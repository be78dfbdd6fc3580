// Random numbers of a training step; see shaders/common/noise.wgsl.

import { philox } from "./philox";
import { scratchKeys } from "./scratch";

/** The ids of the streams, as in src/lib/random.ts. */
export const DROPOUT_STREAM: u32 = 3;
export const AUGMENTATION_STREAM: u32 = 4;

/** Four numbers in [0, 1), multiples of 2^-24, for elements 4 quad to 4 quad + 3; `site` is layer 2^16 + micro. */
@inline
export function stepUniforms(orderKey: usize, stream: u32, step: u32, site: u32, quad: u32): v128 {
  philox(quad, stream, step, site, load<u32>(orderKey), load<u32>(orderKey, 4), scratchKeys);
  const words = i32x4.shr_u(v128.load(scratchKeys), 8);
  return f32x4.mul(f32x4.convert_i32x4_u(words), f32x4.splat(5.9604644775390625e-8));
}
