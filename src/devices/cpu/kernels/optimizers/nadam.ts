// NAdam: Adam with Nesterov's momentum, whose share mu grows over the steps.
//
//   g = grad + weightDecay p      mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2)
//   p -= learningRate ((1 - mu_t) g / (1 - mu_1 .. mu_t) + mu_(t+1) m / (1 - mu_1 .. mu_(t+1)))
//        / (sqrt(v / (1 - beta2^t)) + epsilon)
//
// https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, section 2; see moments.ts for m and v

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { correctedRoot, firstMoment, secondMoment } from "./moments";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class NAdam {
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
export class NAdamScalars {
  gradientStep: f32;
  momentStep: f32;
  beta1: f32;
  oneMinusBeta1: f32;
  beta2: f32;
  oneMinusBeta2: f32;
  inverseRootBias2: f32;
  epsilon: f32;
  weightDecay: f32;
  vectorDecay: f32;
}

/** A part owns parameters: matrices first, then vectors, whose decay is another. */
export function nadam(args: NAdam, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<NAdamScalars>(scalarsRow<NAdam, NAdamScalars>(args));
  const start = lineShareStart(args.P, part, parts);
  const end = lineShareStart(args.P, part + 1, parts);
  update(args, s, s.weightDecay, start, min(end, args.matrices));
  update(args, s, s.vectorDecay, max(start, args.matrices), end);
}

function update(args: NAdam, s: NAdamScalars, weightDecay: f32, start: u32, end: u32): void {
  const decay = f32x4.splat(weightDecay);
  const gradientStep = f32x4.splat(s.gradientStep);
  const momentStep = f32x4.splat(s.momentStep);
  for (let p = start; p < end; p += 4) {
    const offset = <usize>p << 2;
    const count = end - p;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = f32x4.add(gradientLanes<NAdam>(args, offset, count), f32x4.mul(decay, parameter));
    const m = firstMoment<NAdam, NAdamScalars>(args, s, g, offset, count);
    const v = secondMoment<NAdam, NAdamScalars>(args, s, g, offset, count);
    const ahead = f32x4.add(f32x4.mul(gradientStep, g), f32x4.mul(momentStep, m));
    const step = f32x4.div(ahead, correctedRoot<NAdamScalars>(s, v));
    storeLanes(args.parameters + offset, f32x4.sub(parameter, step), count);
  }
}
