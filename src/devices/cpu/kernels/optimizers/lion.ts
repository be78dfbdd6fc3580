// Lion: every parameter takes a step of one length, in the direction of an average of gradients.
//
//   c = sign(beta1 m + (1 - beta1) g), sign(0) = 0      p -= learningRate (c + weightDecay p)
//   m = beta2 m + (1 - beta2) g
//
// https://arxiv.org/abs/2302.06675, Program 1

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class Lion {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  m: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class LionScalars {
  learningRate: f32;
  beta1: f32;
  oneMinusBeta1: f32;
  beta2: f32;
  oneMinusBeta2: f32;
  shrink: f32;
  vectorShrink: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function lion(args: Lion, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<LionScalars>(scalarsRow<Lion, LionScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.shrink, start, min(end, args.matrices));
  update(args, s, s.vectorShrink, max(start, args.matrices), end);
}

function update(args: Lion, s: LionScalars, shrink: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(shrink);
  const learningRate = f32x4.splat(s.learningRate);
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = gradientLanes<Lion>(args, offset, count);
    const m = loadLanes(args.m + offset, count);
    const c = f32x4.add(f32x4.mul(f32x4.splat(s.beta1), m), f32x4.mul(f32x4.splat(s.oneMinusBeta1), g));
    const kept = f32x4.add(f32x4.mul(f32x4.splat(s.beta2), m), f32x4.mul(f32x4.splat(s.oneMinusBeta2), g));
    storeLanes(args.m + offset, kept, count);
    const shrunk = f32x4.sub(parameter, f32x4.mul(decay, parameter));
    storeLanes(args.parameters + offset, f32x4.sub(shrunk, f32x4.mul(learningRate, sign(c))), count);
  }
}

/** 1, -1 or 0 */
@inline
function sign(x: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  return f32x4.sub(v128.and(one, f32x4.gt(x, zero)), v128.and(one, f32x4.lt(x, zero)));
}
