// Matrix products and norms for optimizers that work on matrices; see shaders/common/matmul.wgsl.

import { Clock } from "./common/clock";
import { multiplyBlock, nextBlock, nextStrip, Product, scratchedProduct, setLanes, setSteps, shareProduct } from "./common/product";
import { scratchSaved } from "./common/scratch";
import { loadSaved, storeStrip, stripCount } from "./common/strip";

@unmanaged
export class Matmul {
  replica: u32;
  left: usize;
  right: usize;
  addend: usize;
  clock: usize;
  scalars: usize;
  result: usize;
  rows: u32;
  columns: u32;
  depth: u32;
  transposed: u32;
  alphaAt: u32;
  betaAt: u32;
  S: u32;
  R: u32;
}

/** A part owns a rectangle of the result. */
export function matmul(args: Matmul, part: u32, parts: u32): void {
  const p = scratchedProduct(args.rows, args.columns, args.depth);
  setLanes(p.left, args.left, args.depth);
  if (args.transposed) setLanes(p.right, args.right, args.depth);
  else setSteps(p.right, args.right, args.columns);
  shareProduct(p, part, parts);
  while (nextBlock(p)) {
    multiplyBlock(p);
    while (nextStrip(p)) {
      if (args.alphaAt) scaleStrip(p, scalar(args, args.alphaAt));
      if (args.betaAt) addToStrip(p, scalar(args, args.betaAt), args.addend);
      storeStrip(p, args.result, 0);
    }
  }
}

/** A number of the row of scalars, counted from 1. */
function scalar(args: Matmul, at: u32): f32 {
  const row = changetype<Clock>(args.clock).updateRow * args.R + args.replica;
  return load<f32>(args.scalars + (<usize>(row * args.S + at - 1) << 2));
}

function scaleStrip(p: Product, factor: f32): void {
  const factors = f32x4.splat(factor);
  const end = p.strip + (<usize>stripCount(p) << 2);
  for (let at = p.strip; at < end; at += 16) v128.store(at, f32x4.mul(factors, v128.load(at)));
}

/** Adds `factor` times the strip's part of `addend` (rows, columns). */
function addToStrip(p: Product, factor: f32, addend: usize): void {
  loadSaved(p, addend);
  const factors = f32x4.splat(factor);
  const end = p.strip + (<usize>stripCount(p) << 2);
  for (let at = p.strip, from = scratchSaved; at < end; at += 16, from += 16) {
    v128.store(at, f32x4.add(v128.load(at), f32x4.mul(factors, v128.load(from))));
  }
}

@unmanaged
export class Frobenius {
  replica: u32;
  input: usize;
  norm: usize;
  count: u32;
}

/** The first part does it all. */
export function frobenius(args: Frobenius, part: u32, _parts: u32): void {
  if (part > 0) return;
  let sum: f64 = 0;
  for (let i: u32 = 0; i < args.count; i++) {
    const x = <f64>load<f32>(args.input + (<usize>i << 2));
    sum += x * x;
  }
  store<f32>(args.norm, <f32>Math.sqrt(sum));
}
