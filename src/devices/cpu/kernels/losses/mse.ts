// Mean squared error over examples and outputs, and its gradient in place of the predictions.
//
//   loss_b = mean_o (prediction_bo - target_bo)^2      d/dprediction = 2 (prediction - target) / (count O)

import { shareStart } from "../common/share";
import { batchCount, clearRow, gradientScale, LossArguments, storeRow } from "./loss";

/** A part owns rows. */
export function mse(args: LossArguments, part: u32, parts: u32): void {
  const count = batchCount(args);
  const end = shareStart(args.B, part + 1, parts);
  for (let b = shareStart(args.B, part, parts); b < end; b++) {
    if (b < count) {
      storeRow(args, b, squaredError(args, b, (2 * gradientScale(args)) / <f32>args.O) / <f32>args.O, 0);
    } else clearRow(args, b);
  }
}

/** Replaces row b of the predictions by `scale` times their errors, and returns the errors' sum of squares. */
function squaredError(args: LossArguments, b: u32, scale: f32): f32 {
  const row = (<usize>b * args.O) << 2;
  let sum: f32 = 0;
  for (let o: u32 = 0; o < args.O; o++) {
    const at = row + (<usize>o << 2);
    const difference = load<f32>(args.outputs + at) - load<f32>(args.targets + at);
    sum += difference * difference;
    store<f32>(args.outputs + at, scale * difference);
  }
  return sum;
}
