// Softmax cross-entropy with class weights w and label smoothing, and its gradient in place of the logits.
//
//   q_c = own w_label [c = label] + every w_c           own = 1 - labelSmoothing, every = labelSmoothing / O
//   loss_b = -sum_c q_c log softmax(logits)_c / w̄       dloss_b/dlogits = (softmax(logits) sum_c q_c - q) / w̄
//
// w̄ is the mean weight of the batch's labels. Without smoothing and weights all factors are 1 and change no bit.

import { loadLanes, storeLanes } from "../common/lanes";
import { exp, logOf } from "../common/math";
import { shareStart } from "../common/share";
import { batchCount, clearRow, gradientScale, LossArguments, storeRow } from "./loss";

/** The loss's own numbers, before the classes' weights (O). */
@unmanaged
class Settings {
  /** 1 - labelSmoothing */
  own: f32;
  /** labelSmoothing / O */
  every: f32;
  /** 1 / w̄, or 0 where it is the batch's own. */
  weightScale: f32;
  /** The sum of every w_c. */
  everyWeight: f32;
}

/** A part owns rows. With class weights, each part sums those of the whole batch, in one order. */
export function crossEntropy(args: LossArguments, part: u32, parts: u32): void {
  const count = batchCount(args);
  const end = shareStart(args.B, part + 1, parts);
  const scale = weightScale(args, count);
  for (let b = shareStart(args.B, part, parts); b < end; b++) {
    if (b < count) rowCrossEntropy(args, b, scale);
    else clearRow(args, b);
  }
}

@inline
function classWeight(args: LossArguments, c: u32): f32 {
  return load<f32>(args.settings + offsetof<Settings>() + (<usize>c << 2));
}

/** A label that is no class must not reach outside of the row. */
@inline
function labelOf(args: LossArguments, b: u32): u32 {
  return min(<u32>load<f32>(args.targets + (<usize>b << 2)), args.O - 1);
}

/** 1 / w̄ */
function weightScale(args: LossArguments, count: u32): f32 {
  const given = changetype<Settings>(args.settings).weightScale;
  if (given > 0) return given;
  let sum: f32 = 0;
  for (let b: u32 = 0; b < count; b++) sum += classWeight(args, labelOf(args, b));
  return <f32>count / sum;
}

function rowCrossEntropy(args: LossArguments, b: u32, scale: f32): void {
  const row = args.outputs + ((<usize>b * args.O) << 2);
  const settings = changetype<Settings>(args.settings);
  const label = labelOf(args, b);
  const largestClass = indexOfLargest(row, args.O);
  const largest = load<f32>(row + (<usize>largestClass << 2));
  const labelAt = row + (<usize>label << 2);
  const labelDistance = load<f32>(labelAt) - largest;
  const ofLabel = settings.own * classWeight(args, label);
  const total = ofLabel + settings.everyWeight;
  // An infinite logit times 0 would be NaN
  const smoothed = settings.every > 0 ? settings.every * weightedDistance(args, row, largest) : 0;
  const sum = exponentials(row, args.O, largest);
  const loss = total * logOf(sum) - ofLabel * labelDistance - smoothed;
  storeRow(args, b, loss * scale, largestClass == label ? 1 : 0);

  const factor = gradientScale(args) * scale;
  const ofOthers = settings.every * classWeight(args, label);
  const labelGradient = ((load<f32>(labelAt) / sum) * total - (ofOthers + ofLabel)) * factor;
  gradients(args, row, sum, total, factor);
  store<f32>(labelAt, labelGradient);
}

/** Replaces the exponentials by the gradient of classes that are not the label. */
function gradients(args: LossArguments, row: usize, sum: f32, total: f32, factor: f32): void {
  const every = f32x4.splat(changetype<Settings>(args.settings).every);
  for (let c: u32 = 0; c < args.O; c += 4) {
    const at = row + (<usize>c << 2);
    const probability = f32x4.div(loadLanes(at, args.O - c), f32x4.splat(sum));
    const weights = loadLanes(args.settings + offsetof<Settings>() + (<usize>c << 2), args.O - c);
    const difference = f32x4.sub(f32x4.mul(probability, f32x4.splat(total)), f32x4.mul(every, weights));
    storeLanes(at, f32x4.mul(difference, f32x4.splat(factor)), args.O - c);
  }
}

/** The sum of w_c (logits_c - largest). */
function weightedDistance(args: LossArguments, row: usize, largest: f32): f32 {
  let sum: f32 = 0;
  for (let c: u32 = 0; c < args.O; c++) {
    sum += classWeight(args, c) * (load<f32>(row + (<usize>c << 2)) - largest);
  }
  return sum;
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
