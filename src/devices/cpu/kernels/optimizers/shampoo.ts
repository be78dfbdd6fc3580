// Shampoo: Adagrad's rule for vectors, and for matrices what stands around the products of ../matmulExact.ts.
//
//   h += g^2, p -= learningRate g / sqrt(h)      W -= learningRate L^(-1/4) G R^(-1/4)
//
// https://arxiv.org/abs/1802.09568, Algorithm 1; see shaders/optimizers/shampoo.wgsl

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class Shampoo {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  h: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class ShampooScalars {
  learningRate: f32;
  epsilon: f32;
  isDue: f32;
  grafts: f32;
}

/** A part owns vectors' parameters. */
export function shampoo(args: Shampoo, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<ShampooScalars>(scalarsRow<Shampoo, ShampooScalars>(args));
  const rate = f32x4.splat(s.learningRate);
  const count = args.P - args.matrices;
  const end = lineShareStart(count, part + 1, parts);
  for (let i = lineShareStart(count, part, parts); i < end; i += 4) {
    const offset = <usize>(args.matrices + i) << 2;
    const left = end - i;
    const g = gradientLanes<Shampoo>(args, offset, left);
    const h = f32x4.add(loadLanes(args.h + (<usize>i << 2), left), f32x4.mul(g, g));
    const step = f32x4.div(f32x4.mul(rate, g), f32x4.sqrt(h));
    storeLanes(args.h + (<usize>i << 2), h, left);
    storeLanes(args.parameters + offset, f32x4.sub(loadLanes(args.parameters + offset, left), step), left);
  }
}

@unmanaged
export class ShampooGradient {
  replica: u32;
  gradients: usize;
  control: usize;
  straight: usize;
  flipped: usize;
  gate: usize;
  rows: u32;
  columns: u32;
}

/** The clipped gradient as pairs, and its transpose. A part owns numbers of it. */
export function shampooGradient(args: ShampooGradient, part: u32, parts: u32): void {
  const count = args.rows * args.columns;
  const end = lineShareStart(count, part + 1, parts);
  for (let i = lineShareStart(count, part, parts); i < end; i += 4) {
    const offset = <usize>i << 2;
    const g = gradientLanes<ShampooGradient>(args, offset, end - i);
    storeLanes(args.straight + offset, g, end - i);
    storeLanes(args.straight + offset + (<usize>count << 2), f32x4.splat(0), end - i);
  }
  flip(args, shareOf(args.columns, part, parts), shareOf(args.columns, part + 1, parts));
  if (part > 0) return;
  memory.fill(args.gate, 0, 32);
  store<f32>(args.gate, isSkipped(args.control) ? 0 : 1);
}

/** The first of a part's columns. */
function shareOf(columns: u32, part: u32, parts: u32): u32 {
  return <u32>((<u64>columns * part) / parts);
}

/** Rows `start` to `end` of the transpose. */
function flip(args: ShampooGradient, start: u32, end: u32): void {
  for (let column = start; column < end; column++) {
    let to = args.flipped + (<usize>(column * args.rows) << 2);
    memory.fill(to + (<usize>(args.rows * args.columns) << 2), 0, <usize>args.rows << 2);
    for (let row: u32 = 0; row < args.rows; row++, to += 4) {
      const g = gradientLanes<ShampooGradient>(args, <usize>(row * args.columns + column) << 2, 1);
      store<f32>(to, f32x4.extract_lane(g, 0));
    }
  }
}

@unmanaged
export class ShampooStep {
  replica: u32;
  parameters: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  step: usize;
  stepNorm: usize;
  gradientNorm: usize;
  rows: u32;
  columns: u32;
  R: u32;
}

/** W -= learningRate step, of the gradient's norm where asked. A part owns parameters. */
export function shampooStep(args: ShampooStep, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const s = changetype<ShampooScalars>(scalarsRow<ShampooStep, ShampooScalars>(args));
  const length = load<f32>(args.stepNorm);
  const grafts = s.grafts == 1 && length > 0;
  const rate = f32x4.splat(grafts ? s.learningRate * (load<f32>(args.gradientNorm) / length) : s.learningRate);
  const count = args.rows * args.columns;
  const end = lineShareStart(count, part + 1, parts);
  for (let i = lineShareStart(count, part, parts); i < end; i += 4) {
    const offset = <usize>i << 2;
    const step = f32x4.mul(rate, loadLanes(args.step + offset, end - i));
    storeLanes(args.parameters + offset, f32x4.sub(loadLanes(args.parameters + offset, end - i), step), end - i);
  }
}
