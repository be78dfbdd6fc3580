// RAdam: Adam whose first steps do without the second moment, until its variance is known to be finite.
//
//   g = grad + weightDecay p      M = m / (1 - beta1^t)
//   p -= learningRate M rectification sqrt(1 - beta2^t) / (sqrt(v) + epsilon) where rectified, else learningRate M
//
// https://arxiv.org/abs/1908.03265, Algorithm 2; see moments.ts for m and v

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { firstMoment, secondMoment } from "./moments";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class RAdam {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  m: usize;
  v: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class RAdamScalars {
  stepSize: f32;
  beta1: f32;
  oneMinusBeta1: f32;
  beta2: f32;
  oneMinusBeta2: f32;
  rectified: f32;
  epsilon: f32;
  weightDecay: f32;
  vectorDecay: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function radam(args: RAdam, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<RAdamScalars>(scalarsRow<RAdam, RAdamScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.weightDecay, start, min(end, args.matrices));
  update(args, s, s.vectorDecay, max(start, args.matrices), end);
}

function update(args: RAdam, s: RAdamScalars, weightDecay: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(weightDecay);
  const stepSize = f32x4.splat(s.stepSize);
  const epsilon = f32x4.splat(s.epsilon);
  const isRectified = s.rectified == 1;
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = f32x4.add(gradientLanes<RAdam>(args, offset, count), f32x4.mul(decay, parameter));
    const m = firstMoment<RAdam, RAdamScalars>(args, s, g, offset, count);
    const v = secondMoment<RAdam, RAdamScalars>(args, s, g, offset, count);
    let step = f32x4.mul(stepSize, m);
    if (isRectified) step = f32x4.div(step, f32x4.add(f32x4.sqrt(v), epsilon));
    storeLanes(args.parameters + offset, f32x4.sub(parameter, step), count);
  }
}
