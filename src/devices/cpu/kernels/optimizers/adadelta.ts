// Adadelta: steps as long as the recent ones were, relative to the recent gradients.
//
//   g = grad + weightDecay p      v = rho v + (1 - rho) g^2      d = sqrt(a + epsilon) / sqrt(v + epsilon) * g
//   a = rho a + (1 - rho) d^2      p -= learningRate d
//
// https://arxiv.org/abs/1212.5701, Algorithm 1

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class Adadelta {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  v: usize;
  a: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class AdadeltaScalars {
  learningRate: f32;
  rho: f32;
  oneMinusRho: f32;
  epsilon: f32;
  weightDecay: f32;
  vectorDecay: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function adadelta(args: Adadelta, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<AdadeltaScalars>(scalarsRow<Adadelta, AdadeltaScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.weightDecay, start, min(end, args.matrices));
  update(args, s, s.vectorDecay, max(start, args.matrices), end);
}

function update(args: Adadelta, s: AdadeltaScalars, weightDecay: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(weightDecay);
  const rho = f32x4.splat(s.rho);
  const rest = f32x4.splat(s.oneMinusRho);
  const epsilon = f32x4.splat(s.epsilon);
  const learningRate = f32x4.splat(s.learningRate);
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = f32x4.add(gradientLanes<Adadelta>(args, offset, count), f32x4.mul(decay, parameter));
    const v = f32x4.add(f32x4.mul(rho, loadLanes(args.v + offset, count)), f32x4.mul(f32x4.mul(rest, g), g));
    const a = loadLanes(args.a + offset, count);
    const ratio = f32x4.div(f32x4.sqrt(f32x4.add(a, epsilon)), f32x4.sqrt(f32x4.add(v, epsilon)));
    const d = f32x4.mul(ratio, g);
    storeLanes(args.v + offset, v, count);
    storeLanes(args.a + offset, f32x4.add(f32x4.mul(rho, a), f32x4.mul(f32x4.mul(rest, d), d)), count);
    storeLanes(args.parameters + offset, f32x4.sub(parameter, f32x4.mul(learningRate, d)), count);
  }
}
