// Mean squared error over examples and outputs, and its gradient in place of the predictions.
//
//   loss_b = mean_o (prediction_bo - target_bo)^2      d/dprediction = 2 (prediction - target) / (count O)
//
// Rows from `count` on are padding of a short last batch: their loss and gradient are 0.

import { batchRow } from "../common/clock";
import { clearNumbers } from "../common/lanes";
import { shareStart } from "../common/share";
import { LossArguments } from "./loss";

/** A part owns rows. */
export function mse(args: LossArguments, part: u32, parts: u32): void {
  const count = batchRow(args.clock, args.batches).count;
  const end = shareStart(args.B, part + 1, parts);
  for (let b = shareStart(args.B, part, parts); b < end; b++) {
    const row = args.outputs + ((<usize>b * args.O) << 2);
    const loss = args.rowLoss + (<usize>b << 2);
    store<f32>(args.rowHit + (<usize>b << 2), 0);
    if (b < count) {
      store<f32>(loss, squaredError(args, b, 2 / (<f32>count * <f32>args.O)) / <f32>args.O);
    } else {
      clearNumbers(row, args.O);
      store<f32>(loss, 0);
    }
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
