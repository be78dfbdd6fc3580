// Inverse fourth root of a matrix by a coupled Newton iteration; see shaders/optimizers/shampoo-root.wgsl.
//
//   M = A / s      X = I      repeat:  T = a I - b M,  M = T^4 M,  X = X T
//
// The products are those of ../matmulExact.ts. A matrix is two planes of float32; numbers are computed in float64.

import { lineShareStart } from "../common/share";
import { storePair } from "../matmulExact";
import { isFirstUpdate, isSkipped, scalarsRow } from "./optimizer";
import { ShampooScalars } from "./shampoo";

/** progress (8): what the products' gate looks at, q, the factor of the result, iterations done, plain ones left. */
@unmanaged
export class Progress {
  active: f32;
  q: f32;
  rootScale: f32;
  count: f32;
  left: f32;
}

const PROGRESS_BYTES: usize = 32;
/** 2^-40 */
const LEAST: f32 = 9.094947017729282e-13;
const NEAR: f32 = 0.999;
const PLAIN_STEPS: f32 = 3;

@unmanaged
export class ShampooRootStart {
  replica: u32;
  clock: usize;
  control: usize;
  scalars: usize;
  statistic: usize;
  norm: usize;
  scaled: usize;
  x: usize;
  next: usize;
  n: u32;
  R: u32;
}

/** M = A / s and X = I, where s is a power of 16, so that nothing is rounded. A part owns numbers of them. */
export function shampooRootStart(args: ShampooRootStart, part: u32, parts: u32): void {
  const s = changetype<ShampooScalars>(scalarsRow<ShampooRootStart, ShampooScalars>(args));
  const size = load<f32>(args.norm);
  let scale: f32 = 1;
  let rootScale: f32 = 1;
  for (let i = 0; i < 30 && size * scale > 1; i++) {
    scale *= 0.0625;
    rootScale *= 0.5;
  }
  for (let i = 0; i < 30 && size * scale * 16 <= 1; i++) {
    scale *= 16;
    rootScale *= 2;
  }
  const isDue = (s.isDue == 1 || isFirstUpdate(args.control)) && !isSkipped(args.control);
  if (part == 0) {
    memory.fill(args.next, 0, PROGRESS_BYTES);
    const next = changetype<Progress>(args.next);
    next.active = isDue ? 1 : 0;
    next.q = Mathf.sqrt(Mathf.sqrt(min<f32>(max<f32>(s.epsilon * scale, LEAST), 1)));
    next.rootScale = rootScale;
    next.left = PLAIN_STEPS;
  }
  if (isDue) startIteration(args, scale, part, parts);
}

function startIteration(args: ShampooRootStart, scale: f32, part: u32, parts: u32): void {
  const count = args.n * args.n;
  const plane = <usize>count << 2;
  const end = lineShareStart(count, part + 1, parts);
  for (let i = lineShareStart(count, part, parts); i < end; i++) {
    const offset = <usize>i << 2;
    store<f32>(args.scaled + offset, scale * load<f32>(args.statistic + offset));
    store<f32>(args.scaled + offset + plane, scale * load<f32>(args.statistic + offset + plane));
    store<f32>(args.x + offset, i / args.n == i % args.n ? 1 : 0);
    store<f32>(args.x + offset + plane, 0);
  }
}

@unmanaged
export class ShampooRootIterate {
  replica: u32;
  m: usize;
  t: usize;
  progress: usize;
  next: usize;
  n: u32;
}

/** T = a I - b M. A part owns numbers of it. */
export function shampooRootIterate(args: ShampooRootIterate, part: u32, parts: u32): void {
  const p = changetype<Progress>(args.progress);
  const isNear = p.q >= NEAR;
  const q = <f64>p.q;
  const y = 1 / (1 + q * (1 + q * (1 + q * (1 + q))));
  const a = isNear ? 1.25 : 1.25 * Math.sqrt(Math.sqrt(5 * y));
  const active = p.active == 1 && (!isNear || p.left > 0);
  if (part == 0) {
    memory.copy(args.next, args.progress, PROGRESS_BYTES);
    const next = changetype<Progress>(args.next);
    next.active = active ? 1 : 0;
    if (active) next.count += 1;
    if (active && isNear) next.left -= 1;
    if (active && !isNear) next.q = <f32>(a * q * (1 - y * q * q * q * q));
  }
  if (active) combine(args, a, isNear ? 0.25 : a * y, part, parts);
}

function combine(args: ShampooRootIterate, a: f64, b: f64, part: u32, parts: u32): void {
  const count = args.n * args.n;
  const plane = <usize>count << 2;
  const end = lineShareStart(count, part + 1, parts);
  for (let i = lineShareStart(count, part, parts); i < end; i++) {
    const offset = <usize>i << 2;
    const m = <f64>load<f32>(args.m + offset) + <f64>load<f32>(args.m + offset + plane);
    storePair(args.t + offset, plane, (i / args.n == i % args.n ? a : 0) - b * m);
  }
}

@unmanaged
export class ShampooRootFinish {
  replica: u32;
  even: usize;
  odd: usize;
  progress: usize;
  root: usize;
  n: u32;
}

/** A^(-1/4) = s^(-1/4) X; where no root was due it stays what it was. A part owns numbers of it. */
export function shampooRootFinish(args: ShampooRootFinish, part: u32, parts: u32): void {
  const p = changetype<Progress>(args.progress);
  const iterations = <u32>p.count;
  if (iterations == 0) return;
  const from = iterations % 2 == 1 ? args.odd : args.even;
  const count = 2 * args.n * args.n;
  const end = lineShareStart(count, part + 1, parts);
  for (let i = lineShareStart(count, part, parts); i < end; i++) {
    const offset = <usize>i << 2;
    store<f32>(args.root + offset, p.rootScale * load<f32>(from + offset));
  }
}
