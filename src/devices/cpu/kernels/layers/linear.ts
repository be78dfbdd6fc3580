// Fully connected layer and its gradients; see shaders/layers/linear.wgsl.
//
//   preactivation = input weight^T + bias      output = activate(preactivation)
//
// Gradients are taken before the activation: `outputGrad` is that of `preactivation`, and `inputGrad` is multiplied by
// the derivative of the activation that made `input`, found from `saved`. `activation` is an index into the table.

import { loadLanes, storeLanes } from "../common/lanes";
import {
  multiplyBlock,
  nextBlock,
  nextStrip,
  Product,
  scratchedProduct,
  setLanes,
  setSteps,
  shareProduct,
} from "../common/product";
import { scratchSaved } from "../common/scratch";
import { lineShareStart } from "../common/share";
import { addBias, loadSaved, storeStrip, stripCount } from "../common/strip";

@unmanaged
export class LinearForward {
  replica: u32;
  activation: u32;
  input: usize;
  weight: usize;
  bias: usize;
  output: usize;
  B: u32;
  I: u32;
  O: u32;
}

@unmanaged
export class LinearForwardSaving {
  replica: u32;
  activation: u32;
  input: usize;
  weight: usize;
  bias: usize;
  preactivation: usize;
  output: usize;
  B: u32;
  I: u32;
  O: u32;
}

@unmanaged
export class LinearBackwardInput {
  replica: u32;
  activation: u32;
  outputGrad: usize;
  weight: usize;
  saved: usize;
  inputGrad: usize;
  B: u32;
  I: u32;
  O: u32;
  accumulate: u32;
}

@unmanaged
export class LinearBackwardWeight {
  replica: u32;
  outputGrad: usize;
  input: usize;
  gradients: usize;
  B: u32;
  I: u32;
  O: u32;
  weightAt: u32;
  biasAt: u32;
  accumulate: u32;
}

/** preactivation (B, O) = input (B, I) · weight (O, I)^T, for either argument block. */
@inline
function forwardProduct<Args>(args: Args): Product {
  const p = scratchedProduct(args.B, args.O, args.I);
  setLanes(p.left, args.input, args.I);
  setLanes(p.right, args.weight, args.I);
  return p;
}

/** Applies the activation's function to the strip. */
function activateStrip(p: Product, activation: u32): void {
  call_indirect<void>(activation, p.strip, stripCount(p));
}

/** A part owns a rectangle of the output. */
export function linearForward(args: LinearForward, part: u32, parts: u32): void {
  const p = forwardProduct<LinearForward>(args);
  shareProduct(p, part, parts);
  while (nextBlock(p)) {
    multiplyBlock(p);
    while (nextStrip(p)) {
      addBias(p, args.bias);
      activateStrip(p, args.activation);
      storeStrip(p, args.output, 0);
    }
  }
}

/** As linearForward, for an activation whose gradient needs its input. */
export function linearForwardSaving(args: LinearForwardSaving, part: u32, parts: u32): void {
  const p = forwardProduct<LinearForwardSaving>(args);
  shareProduct(p, part, parts);
  while (nextBlock(p)) {
    multiplyBlock(p);
    while (nextStrip(p)) {
      addBias(p, args.bias);
      storeStrip(p, args.preactivation, 0);
      activateStrip(p, args.activation);
      storeStrip(p, args.output, 0);
    }
  }
}

/** inputGrad (B, I) = outputGrad (B, O) · weight (O, I), times the derivative. A part owns a rectangle of inputGrad. */
export function linearBackwardInput(args: LinearBackwardInput, part: u32, parts: u32): void {
  const p = scratchedProduct(args.B, args.I, args.O);
  setLanes(p.left, args.outputGrad, args.O);
  setSteps(p.right, args.weight, args.I);
  shareProduct(p, part, parts);
  while (nextBlock(p)) {
    multiplyBlock(p);
    while (nextStrip(p)) {
      loadSaved(p, args.saved);
      call_indirect<void>(args.activation, p.strip, scratchSaved, stripCount(p));
      storeStrip(p, args.inputGrad, args.accumulate);
    }
  }
}

/**
 * weightGrad (O, I) = outputGrad (B, O)^T · input (B, I), biasGrad (O) = column sums of outputGrad: both in the arena
 * of all gradients (P), at `weightAt` and `biasAt`. A part owns a rectangle of weightGrad and numbers of biasGrad.
 */
export function linearBackwardWeight(args: LinearBackwardWeight, part: u32, parts: u32): void {
  const p = scratchedProduct(args.O, args.I, args.B);
  setSteps(p.left, args.outputGrad, args.O);
  setSteps(p.right, args.input, args.I);
  shareProduct(p, part, parts);
  while (nextBlock(p)) {
    multiplyBlock(p);
    while (nextStrip(p)) storeStrip(p, args.gradients + (<usize>args.weightAt << 2), args.accumulate);
  }
  const lastOutput = lineShareStart(args.O, part + 1, parts);
  let o = lineShareStart(args.O, part, parts);
  for (; o + 16 <= lastOutput; o += 16) sumLine(args, o);
  for (; o < lastOutput; o += 4) sumColumns(args, o, lastOutput - o);
}

/** biasGrad[o .. o + 15] = column sums of outputGrad: a cache line at a time. */
function sumLine(args: LinearBackwardWeight, o: u32): void {
  let from = args.outputGrad + (<usize>o << 2);
  let sums0 = f32x4.splat(0);
  let sums1 = sums0;
  let sums2 = sums0;
  let sums3 = sums0;
  for (let b: u32 = 0; b < args.B; b++, from += <usize>args.O << 2) {
    sums0 = f32x4.add(sums0, v128.load(from));
    sums1 = f32x4.add(sums1, v128.load(from, 16));
    sums2 = f32x4.add(sums2, v128.load(from, 32));
    sums3 = f32x4.add(sums3, v128.load(from, 48));
  }
  const to = args.gradients + (<usize>(args.biasAt + o) << 2);
  storeSums(args, to, sums0, 4);
  storeSums(args, to + 16, sums1, 4);
  storeSums(args, to + 32, sums2, 4);
  storeSums(args, to + 48, sums3, 4);
}

/** biasGrad[o .. o + 3] = column sums of outputGrad, of `count` columns at most. */
function sumColumns(args: LinearBackwardWeight, o: u32, count: u32): void {
  let from = args.outputGrad + (<usize>o << 2);
  let sums = f32x4.splat(0);
  for (let b: u32 = 0; b < args.B; b++, from += <usize>args.O << 2) sums = f32x4.add(sums, loadLanes(from, count));
  storeSums(args, args.gradients + (<usize>(args.biasAt + o) << 2), sums, count);
}

/** Stores the first `count` of four sums, or adds them. */
@inline
function storeSums(args: LinearBackwardWeight, to: usize, sums: v128, count: u32): void {
  storeLanes(to, args.accumulate ? f32x4.add(loadLanes(to, count), sums) : sums, count);
}
