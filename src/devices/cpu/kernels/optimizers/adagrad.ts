// Adagrad: the gradient divided by the root of the sum of all its squares so far.
//
//   g = grad + weightDecay p      s += g^2
//   p -= learningRate / (1 + (t - 1) learningRateDecay) * g / (sqrt(s) + epsilon)
//
// https://jmlr.org/papers/v12/duchi11a.html, Figure 1

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class Adagrad {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  sum: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class AdagradScalars {
  stepSize: f32;
  epsilon: f32;
  weightDecay: f32;
  vectorDecay: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function adagrad(args: Adagrad, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<AdagradScalars>(scalarsRow<Adagrad, AdagradScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.weightDecay, start, min(end, args.matrices));
  update(args, s, s.vectorDecay, max(start, args.matrices), end);
}

function update(args: Adagrad, s: AdagradScalars, weightDecay: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(weightDecay);
  const stepSize = f32x4.splat(s.stepSize);
  const epsilon = f32x4.splat(s.epsilon);
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = f32x4.add(gradientLanes<Adagrad>(args, offset, count), f32x4.mul(decay, parameter));
    const sum = f32x4.add(loadLanes(args.sum + offset, count), f32x4.mul(g, g));
    storeLanes(args.sum + offset, sum, count);
    const step = f32x4.div(f32x4.mul(stepSize, g), f32x4.add(f32x4.sqrt(sum), epsilon));
    storeLanes(args.parameters + offset, f32x4.sub(parameter, step), count);
  }
}
