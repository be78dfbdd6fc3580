// AdamW: Adam with decoupled weight decay, which shrinks the parameter and leaves the moments alone.
//
//   p -= learningRate weightDecay p + learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
//
// https://arxiv.org/abs/1711.05101, Algorithm 2; see moments.ts for m and v

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { correctedRoot, firstMoment, secondMoment } from "./moments";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class AdamW {
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
export class AdamWScalars {
  stepSize: f32;
  beta1: f32;
  oneMinusBeta1: f32;
  beta2: f32;
  oneMinusBeta2: f32;
  inverseRootBias2: f32;
  epsilon: f32;
  shrink: f32;
  vectorShrink: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function adamw(args: AdamW, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<AdamWScalars>(scalarsRow<AdamW, AdamWScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.shrink, start, min(end, args.matrices));
  update(args, s, s.vectorShrink, max(start, args.matrices), end);
}

function update(args: AdamW, s: AdamWScalars, shrink: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(shrink);
  const stepSize = f32x4.splat(s.stepSize);
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = gradientLanes<AdamW>(args, offset, count);
    const m = firstMoment<AdamW, AdamWScalars>(args, s, g, offset, count);
    const v = secondMoment<AdamW, AdamWScalars>(args, s, g, offset, count);
    const step = f32x4.div(f32x4.mul(stepSize, m), correctedRoot<AdamWScalars>(s, v));
    const shrunk = f32x4.sub(parameter, f32x4.mul(decay, parameter));
    storeLanes(args.parameters + offset, f32x4.sub(shrunk, step), count);
  }
}
