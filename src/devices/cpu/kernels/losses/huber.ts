// Huber loss over examples and outputs, and its gradient in place of the predictions (Huber 1964). With
// d = prediction - target:
//
//   loss_b = mean_o (d^2 / 2 where |d| <= delta, otherwise delta (|d| - delta / 2))
//   d/dprediction = (d where |d| <= delta, otherwise delta sign(d)) / (count O)
//
// settings = (delta)

import { shareStart } from "../common/share";
import { batchCount, clearRow, gradientScale, LossArguments, setting, signOf, storeRow } from "./loss";

/** A part owns rows. */
export function huber(args: LossArguments, part: u32, parts: u32): void {
  const count = batchCount(args);
  const end = shareStart(args.B, part + 1, parts);
  for (let b = shareStart(args.B, part, parts); b < end; b++) {
    if (b < count) storeRow(args, b, huberError(args, b, gradientScale(args) / <f32>args.O) / <f32>args.O, 0);
    else clearRow(args, b);
  }
}

/** Replaces row b of the predictions by `scale` times their losses' derivatives, and returns the sum of these losses. */
function huberError(args: LossArguments, b: u32, scale: f32): f32 {
  const row = (<usize>b * args.O) << 2;
  const delta = setting(args, 0);
  let sum: f32 = 0;
  for (let o: u32 = 0; o < args.O; o++) {
    const at = row + (<usize>o << 2);
    const difference = load<f32>(args.outputs + at) - load<f32>(args.targets + at);
    const size = abs(difference);
    const isSmall = size <= delta;
    sum += isSmall ? <f32>0.5 * difference * difference : delta * (size - <f32>0.5 * delta);
    store<f32>(args.outputs + at, scale * (isSmall ? difference : delta * signOf(difference)));
  }
  return sum;
}
