// Inverted dropout and its gradient; see shaders/layers/dropout.wgsl.
//
//   output = input / (1 - dropout) where u >= dropout, otherwise 0, with u uniform in [0, 1)

import { batchRow } from "../common/clock";
import { Control } from "../common/control";
import { copyNumbers, loadLanes, storeLanes } from "../common/lanes";
import { DROPOUT_STREAM, stepUniforms } from "../common/noise";
import { scratchSaved } from "../common/scratch";
import { lineShareStart } from "../common/share";

@unmanaged
export class DropoutForward {
  replica: u32;
  input: usize;
  output: usize;
  control: usize;
  orderKey: usize;
  clock: usize;
  batches: usize;
  count: u32;
  layer: u32;
  M: u32;
  micro: u32;
}

@unmanaged
export class DropoutBackward {
  replica: u32;
  activation: u32;
  outputGrad: usize;
  saved: usize;
  inputGrad: usize;
  control: usize;
  orderKey: usize;
  clock: usize;
  batches: usize;
  count: u32;
  layer: u32;
  M: u32;
  micro: u32;
  accumulate: u32;
}

/** Gradients that go through the activation's derivative at a time: they fit into scratch, and the L1 cache. */
const CHUNK: u32 = 2048;

/** Writes elements `first` to `end` of `from`, times their factors, to `to`; `from` and `to` are those of `first`, a multiple of 4. */
function maskNumbers<Args>(args: Args, to: usize, from: usize, first: u32, end: u32): void {
  const probability = changetype<Control>(args.control).dropout;
  const factor = f32x4.splat(1 / (1 - probability));
  const step = batchRow(args.clock, args.batches, args.M, args.micro).step;
  const site = (args.layer << 16) | args.micro;
  for (let i = first; i < end; i += 4, to += 16, from += 16) {
    const uniforms = stepUniforms(args.orderKey, DROPOUT_STREAM, step, site, i >> 2);
    const factors = v128.and(factor, f32x4.ge(uniforms, f32x4.splat(probability)));
    storeLanes(to, f32x4.mul(factors, loadLanes(from, end - i)), end - i);
  }
}

/** A part owns elements. */
export function dropoutForward(args: DropoutForward, part: u32, parts: u32): void {
  const first = lineShareStart(args.count, part, parts);
  const end = lineShareStart(args.count, part + 1, parts);
  const offset = <usize>first << 2;
  maskNumbers<DropoutForward>(args, args.output + offset, args.input + offset, first, end);
}

/** A part owns elements. */
export function dropoutBackward(args: DropoutBackward, part: u32, parts: u32): void {
  const end = lineShareStart(args.count, part + 1, parts);
  for (let first = lineShareStart(args.count, part, parts); first < end; first += CHUNK) {
    const last = min(end, first + CHUNK);
    const offset = <usize>first << 2;
    maskNumbers<DropoutBackward>(args, scratchSaved, args.outputGrad + offset, first, last);
    call_indirect<void>(args.activation, scratchSaved, args.saved + offset, last - first);
    if (args.accumulate) addNumbers(args.inputGrad + offset, last - first);
    else copyNumbers(args.inputGrad + offset, scratchSaved, last - first);
  }
}

/** Adds the first `count` numbers of scratch to those at `to`. */
function addNumbers(to: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4) {
    const offset = <usize>i << 2;
    const sums = f32x4.add(loadLanes(to + offset, count - i), loadLanes(scratchSaved + offset, count - i));
    storeLanes(to + offset, sums, count - i);
  }
}
