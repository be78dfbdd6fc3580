// What steers a run's steps; see shaders/common/control.wgsl.

/** As `maxNorm` or `limit`: no clipping. */
export const UNBOUNDED: f32 = 3e38;

/** control (12): the host's numbers, then those that closing a step sets. */
@unmanaged
export class Control {
  maxNorm: f32;
  limit: f32;
  growthInterval: f32;
  l1: f32;
  l2: f32;
  inputNoise: f32;
  dropout: f32;
  unused: f32;
  lossScale: f32;
  factor: f32;
  streak: f32;
  updated: f32;
}
