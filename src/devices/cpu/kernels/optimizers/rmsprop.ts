// RMSprop: the gradient divided by the root of an average of its square, or of its variance where centered.
//
//   g = grad + weightDecay p      v = alpha v + (1 - alpha) g^2      mean = alpha mean + (1 - alpha) g
//   b = momentum b + g / (sqrt(v - mean^2 if centered, else v) + epsilon)      p -= learningRate b
//
// https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class RmsProp {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  v: usize;
  momentum: usize;
  mean: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class RmsPropScalars {
  learningRate: f32;
  alpha: f32;
  oneMinusAlpha: f32;
  epsilon: f32;
  momentum: f32;
  centered: f32;
  weightDecay: f32;
  vectorDecay: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function rmsprop(args: RmsProp, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<RmsPropScalars>(scalarsRow<RmsProp, RmsPropScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.weightDecay, start, min(end, args.matrices));
  update(args, s, s.vectorDecay, max(start, args.matrices), end);
}

function update(args: RmsProp, s: RmsPropScalars, weightDecay: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(weightDecay);
  const alpha = f32x4.splat(s.alpha);
  const rest = f32x4.splat(s.oneMinusAlpha);
  const epsilon = f32x4.splat(s.epsilon);
  const momentum = f32x4.splat(s.momentum);
  const learningRate = f32x4.splat(s.learningRate);
  const isCentered = s.centered == 1;
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = f32x4.add(gradientLanes<RmsProp>(args, offset, count), f32x4.mul(decay, parameter));
    const v = f32x4.add(f32x4.mul(alpha, loadLanes(args.v + offset, count)), f32x4.mul(f32x4.mul(rest, g), g));
    storeLanes(args.v + offset, v, count);
    let spread = v;
    if (isCentered) {
      const mean = f32x4.add(f32x4.mul(alpha, loadLanes(args.mean + offset, count)), f32x4.mul(rest, g));
      storeLanes(args.mean + offset, mean, count);
      // A variance, which rounding alone makes negative
      spread = f32x4.max(f32x4.sub(v, f32x4.mul(mean, mean)), f32x4.splat(0));
    }
    const scaled = f32x4.div(g, f32x4.add(f32x4.sqrt(spread), epsilon));
    const b = f32x4.add(f32x4.mul(momentum, loadLanes(args.momentum + offset, count)), scaled);
    storeLanes(args.momentum + offset, b, count);
    storeLanes(args.parameters + offset, f32x4.sub(parameter, f32x4.mul(learningRate, b)), count);
  }
}
