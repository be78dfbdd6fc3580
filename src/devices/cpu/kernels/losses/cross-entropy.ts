// Softmax cross-entropy, and its gradient in place of the logits.
//
//   loss_b = log(sum_c exp(logits_bc)) - logits_b,label      d/dlogits = (softmax(logits) - onehot(label)) / count
//
// Rows from `count` on are padding of a short last batch: their loss and gradient are 0.

import { batchRow } from "../common/clock";
import { clearNumbers, loadLanes, storeLanes } from "../common/lanes";
import { exp, logOf } from "../common/math";
import { shareStart } from "../common/share";
import { LossArguments } from "./loss";

/** A part owns rows. */
export function crossEntropy(args: LossArguments, part: u32, parts: u32): void {
  const count = batchRow(args.clock, args.batches).count;
  const end = shareStart(args.B, part + 1, parts);
  for (let b = shareStart(args.B, part, parts); b < end; b++) {
    if (b < count) {
      rowCrossEntropy(args, b, 1 / <f32>count);
      continue;
    }
    clearNumbers(args.outputs + ((<usize>b * args.O) << 2), args.O);
    store<f32>(args.rowLoss + (<usize>b << 2), 0);
    store<f32>(args.rowHit + (<usize>b << 2), 0);
  }
}

function rowCrossEntropy(args: LossArguments, b: u32, scale: f32): void {
  const row = args.outputs + ((<usize>b * args.O) << 2);
  // A label that is no class must not reach outside of the row
  const label = min(<u32>load<f32>(args.targets + (<usize>b << 2)), args.O - 1);
  const largestClass = indexOfLargest(row, args.O);
  const largest = load<f32>(row + (<usize>largestClass << 2));
  const labelLogit = load<f32>(row + (<usize>label << 2));
  const sum = exponentials(row, args.O, largest);
  store<f32>(args.rowLoss + (<usize>b << 2), logOf(sum) - (labelLogit - largest));
  store<f32>(args.rowHit + (<usize>b << 2), largestClass == label ? 1 : 0);
  for (let c: u32 = 0; c < args.O; c++) {
    const at = row + (<usize>c << 2);
    const probability = load<f32>(at) / sum;
    store<f32>(at, (probability - (c == label ? <f32>1 : <f32>0)) * scale);
  }
}

/** The first of the largest numbers. */
function indexOfLargest(row: usize, count: u32): u32 {
  let largest = load<f32>(row);
  let index: u32 = 0;
  for (let c: u32 = 1; c < count; c++) {
    const value = load<f32>(row + (<usize>c << 2));
    if (value > largest) {
      largest = value;
      index = c;
    }
  }
  return index;
}

/** Replaces the numbers by exp(number - largest), and returns their sum. */
function exponentials(row: usize, count: u32, largest: f32): f32 {
  let sum: f32 = 0;
  for (let c: u32 = 0; c < count; c += 4) {
    const at = row + (<usize>c << 2);
    storeLanes(at, exp(f32x4.sub(loadLanes(at, count - c), f32x4.splat(largest))), count - c);
  }
  for (let c: u32 = 0; c < count; c++) sum += load<f32>(row + (<usize>c << 2));
  return sum;
}
