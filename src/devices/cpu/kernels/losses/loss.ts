// What every loss kernel is given; see src/engine/losses/loss.ts and shaders/common/loss.wgsl.

import { batchRow } from "../common/clock";
import { Control } from "../common/control";
import { clearNumbers } from "../common/lanes";

@unmanaged
export class LossArguments {
  replica: u32;
  outputs: usize;
  targets: usize;
  rowLoss: usize;
  rowHit: usize;
  clock: usize;
  batches: usize;
  control: usize;
  settings: usize;
  B: u32;
  O: u32;
  M: u32;
  micro: u32;
}

/** Examples in the batch at hand. */
export function batchCount(args: LossArguments): u32 {
  return batchRow(args.clock, args.batches, args.M, args.micro).count;
}

/** One of the loss's own numbers. */
@inline
export function setting(args: LossArguments, index: u32): f32 {
  return load<f32>(args.settings + (<usize>index << 2));
}

/** The factor of every gradient: the mean over the examples of all M batches of the step, times the loss scale. */
export function gradientScale(args: LossArguments): f32 {
  let examples: u32 = 0;
  for (let batch: u32 = 0; batch < args.M; batch++) {
    examples += batchRow(args.clock, args.batches, args.M, batch).count;
  }
  return changetype<Control>(args.control).lossScale / <f32>examples;
}

/** The sign of an error, 0 where there is none; a NaN stays one. */
@inline
export function signOf(x: f32): f32 {
  return x > 0 ? <f32>1 : x < 0 ? <f32>-1 : x;
}

/** Where example b stands in `rowLoss` and `rowHit`, in bytes. */
@inline
export function rowOffset(args: LossArguments, b: u32): usize {
  return <usize>(args.micro * args.B + b) << 2;
}

/** Stores the loss of example b, and whether its prediction is right. */
@inline
export function storeRow(args: LossArguments, b: u32, loss: f32, hit: f32): void {
  const offset = rowOffset(args, b);
  store<f32>(args.rowLoss + offset, loss);
  store<f32>(args.rowHit + offset, hit);
}

/** Rows that a short last batch leaves over: their loss and gradient are 0. */
export function clearRow(args: LossArguments, b: u32): void {
  clearNumbers(args.outputs + ((<usize>b * args.O) << 2), args.O);
  storeRow(args, b, 0, 0);
}
