// Adam with L2 weight decay: the decay is part of the gradient.
//
//   g = grad + weightDecay p      w = max(w, v) if amsgrad, else v
//   p -= learningRate / (1 - beta1^t) * m / (sqrt(w) / sqrt(1 - beta2^t) + epsilon)
//
// https://arxiv.org/abs/1412.6980, Algorithm 1; AMSGrad: https://arxiv.org/abs/1904.09237; see moments.ts for m and v

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { correctedRoot, firstMoment, secondMoment } from "./moments";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class Adam {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  m: usize;
  v: usize;
  w: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class AdamScalars {
  stepSize: f32;
  beta1: f32;
  oneMinusBeta1: f32;
  beta2: f32;
  oneMinusBeta2: f32;
  inverseRootBias2: f32;
  epsilon: f32;
  amsgrad: f32;
  weightDecay: f32;
  vectorDecay: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function adam(args: Adam, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<AdamScalars>(scalarsRow<Adam, AdamScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.weightDecay, start, min(end, args.matrices));
  update(args, s, s.vectorDecay, max(start, args.matrices), end);
}

function update(args: Adam, s: AdamScalars, weightDecay: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(weightDecay);
  const stepSize = f32x4.splat(s.stepSize);
  const isAmsgrad = s.amsgrad == 1;
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = f32x4.add(gradientLanes<Adam>(args, offset, count), f32x4.mul(decay, parameter));
    const m = firstMoment<Adam, AdamScalars>(args, s, g, offset, count);
    let w = secondMoment<Adam, AdamScalars>(args, s, g, offset, count);
    if (isAmsgrad) {
      w = f32x4.max(loadLanes(args.w + offset, count), w);
      storeLanes(args.w + offset, w, count);
    }
    const step = f32x4.div(f32x4.mul(stepSize, m), correctedRoot<AdamScalars>(s, w));
    storeLanes(args.parameters + offset, f32x4.sub(parameter, step), count);
  }
}
