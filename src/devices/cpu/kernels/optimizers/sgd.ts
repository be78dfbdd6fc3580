// Stochastic gradient descent with momentum, dampening, Nesterov's form and weight decay.
//
//   g = grad + weightDecay p      b = momentum b + keep g, where keep is 1 at the first update
//   u = g + momentum b if nesterov, else b      p -= learningRate u
//
// https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { gradientLanes, isFirstUpdate, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class Sgd {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  momentum: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class SgdScalars {
  learningRate: f32;
  momentum: f32;
  keep: f32;
  nesterov: f32;
  weightDecay: f32;
  vectorDecay: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function sgd(args: Sgd, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<SgdScalars>(scalarsRow<Sgd, SgdScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.weightDecay, start, min(end, args.matrices));
  update(args, s, s.vectorDecay, max(start, args.matrices), end);
}

function update(args: Sgd, s: SgdScalars, weightDecay: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(weightDecay);
  const momentum = f32x4.splat(s.momentum);
  const keep = f32x4.splat(isFirstUpdate(args.control) ? 1 : s.keep);
  const learningRate = f32x4.splat(s.learningRate);
  const isNesterov = s.nesterov == 1;
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = f32x4.add(gradientLanes<Sgd>(args, offset, count), f32x4.mul(decay, parameter));
    const kept = f32x4.mul(momentum, loadLanes(args.momentum + offset, count));
    const b = f32x4.add(kept, f32x4.mul(keep, g));
    const u = isNesterov ? f32x4.add(g, f32x4.mul(momentum, b)) : b;
    storeLanes(args.momentum + offset, b, count);
    storeLanes(args.parameters + offset, f32x4.sub(parameter, f32x4.mul(learningRate, u)), count);
  }
}
