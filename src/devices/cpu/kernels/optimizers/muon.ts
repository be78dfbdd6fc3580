// Muon: AdamW for most parameters, and for hidden matrices what stands around the products of ../matmul.ts.
//
//   m = momentum m + (1 - momentum) g      u = (1 - momentum) g + momentum m where Nesterov, else m
//   X = u / (|u| + epsilon), made orthogonal
//   W -= learningRate weightDecay W + learningRate sqrt(max(1, rows / columns)) X
//
// https://kellerjordan.github.io/posts/muon/; see shaders/optimizers/muon.wgsl

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart, shareStart } from "../common/share";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class Muon {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  m: usize;
  v: usize;
  start: u32;
  count: u32;
  momentsAt: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class MuonScalars {
  stepSize: f32;
  beta1: f32;
  oneMinusBeta1: f32;
  beta2: f32;
  oneMinusBeta2: f32;
  inverseRootBias2: f32;
  adamwEpsilon: f32;
  adamwShrink: f32;
  vectorShrink: f32;
  learningRate: f32;
  momentum: f32;
  oneMinusMomentum: f32;
  nesterov: f32;
  epsilon: f32;
  shrink: f32;
  a: f32;
  b: f32;
  c: f32;
}

/** AdamW. A part owns parameters; matrices end where a cache line does. */
export function muon(args: Muon, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<MuonScalars>(scalarsRow<Muon, MuonScalars>(args));
  const end = lineShareStart(args.count, part + 1, parts);
  for (let i = lineShareStart(args.count, part, parts); i < end; i += 4) {
    const offset = <usize>(args.start + i) << 2;
    const count = end - i;
    const parameter = loadLanes(args.parameters + offset, count);
    const g = gradientLanes<Muon>(args, offset, count);
    const step = adamwStep(args, s, g, args.momentsAt + i, count);
    const decay = f32x4.splat(args.start + i < args.matrices ? s.adamwShrink : s.vectorShrink);
    const shrunk = f32x4.sub(parameter, f32x4.mul(decay, parameter));
    storeLanes(args.parameters + offset, f32x4.sub(shrunk, step), count);
  }
}

/** Stores the new moments of `count` parameters, which start at `at`, and returns the step. */
function adamwStep(args: Muon, s: MuonScalars, g: v128, at: u32, count: u32): v128 {
  const offset = <usize>at << 2;
  const oldM = f32x4.mul(f32x4.splat(s.beta1), loadLanes(args.m + offset, count));
  const m = f32x4.add(oldM, f32x4.mul(f32x4.splat(s.oneMinusBeta1), g));
  const oldV = f32x4.mul(f32x4.splat(s.beta2), loadLanes(args.v + offset, count));
  const v = f32x4.add(oldV, f32x4.mul(f32x4.mul(f32x4.splat(s.oneMinusBeta2), g), g));
  storeLanes(args.m + offset, m, count);
  storeLanes(args.v + offset, v, count);
  const root = f32x4.mul(f32x4.sqrt(v), f32x4.splat(s.inverseRootBias2));
  return f32x4.div(f32x4.mul(f32x4.splat(s.stepSize), m), f32x4.add(root, f32x4.splat(s.adamwEpsilon)));
}

@unmanaged
export class MuonAverage {
  replica: u32;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  momentum: usize;
  x: usize;
  rows: u32;
  columns: u32;
  R: u32;
}

/** The momentum, and X = u, transposed where that makes it wide. A part owns rows of the matrix. */
export function muonAverage(args: MuonAverage, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<MuonScalars>(scalarsRow<MuonAverage, MuonScalars>(args));
  const end = shareStart(args.rows, part + 1, parts);
  for (let row = shareStart(args.rows, part, parts); row < end; row++) {
    for (let column: u32 = 0; column < args.columns; column += 4) {
      averageLanes(args, s, row, column, min(4, args.columns - column));
    }
  }
}

function averageLanes(args: MuonAverage, s: MuonScalars, row: u32, column: u32, count: u32): void {
  const offset = <usize>(row * args.columns + column) << 2;
  const g = f32x4.mul(f32x4.splat(s.oneMinusMomentum), gradientLanes<MuonAverage>(args, offset, count));
  const factor = f32x4.splat(s.momentum);
  const momentum = f32x4.add(f32x4.mul(factor, loadLanes(args.momentum + offset, count)), g);
  storeLanes(args.momentum + offset, momentum, count);
  const u = s.nesterov == 1 ? f32x4.add(g, f32x4.mul(factor, momentum)) : momentum;
  if (args.rows <= args.columns) {
    storeLanes(args.x + offset, u, count);
    return;
  }
  const to = args.x + (<usize>(column * args.rows + row) << 2);
  const next = <usize>args.rows << 2;
  v128.store32_lane(to, u, 0);
  if (count > 1) v128.store32_lane(to + next, u, 1);
  if (count > 2) v128.store32_lane(to + (next << 1), u, 2);
  if (count > 3) v128.store32_lane(to + (next << 1) + next, u, 3);
}

@unmanaged
export class MuonNormalize {
  replica: u32;
  clock: usize;
  scalars: usize;
  norm: usize;
  x: usize;
  rows: u32;
  columns: u32;
  R: u32;
}

/** X = u / (|u| + epsilon). A part owns numbers. */
export function muonNormalize(args: MuonNormalize, part: u32, parts: u32): void {
  const s = changetype<MuonScalars>(scalarsRow<MuonNormalize, MuonScalars>(args));
  const divisor = f32x4.splat(load<f32>(args.norm) + s.epsilon);
  const count = args.rows * args.columns;
  const end = lineShareStart(count, part + 1, parts);
  for (let i = lineShareStart(count, part, parts); i < end; i += 4) {
    const at = args.x + (<usize>i << 2);
    storeLanes(at, f32x4.div(loadLanes(at, end - i), divisor), end - i);
  }
}

@unmanaged
export class MuonStep {
  replica: u32;
  parameters: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  x: usize;
  rows: u32;
  columns: u32;
  R: u32;
}

/** W -= shrink W + rate X. A part owns rows of the matrix. */
export function muonStep(args: MuonStep, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<MuonScalars>(scalarsRow<MuonStep, MuonScalars>(args));
  const rate = s.learningRate * Mathf.sqrt(max<f32>(1, <f32>args.rows / <f32>args.columns));
  const isTall = args.rows > args.columns;
  const end = shareStart(args.rows, part + 1, parts);
  for (let row = shareStart(args.rows, part, parts); row < end; row++) {
    for (let column: u32 = 0; column < args.columns; column++) {
      const offset = <usize>(row * args.columns + column) << 2;
      const at = args.parameters + offset;
      const x = load<f32>(args.x + (isTall ? <usize>(column * args.rows + row) << 2 : offset));
      const parameter = load<f32>(at);
      store<f32>(at, parameter - s.shrink * parameter - rate * x);
    }
  }
}
