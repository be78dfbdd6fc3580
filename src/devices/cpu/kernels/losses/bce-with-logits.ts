// Binary cross-entropy of a single logit z and a label y, 0 or 1, and its gradient in place of the logit.
//
//   loss_b = max(z, 0) - z y + log(1 + exp(-|z|))      dloss_b/dz = sigmoid(z) - y
//
// sigmoid(z) - 1 is computed as -sigmoid(-z): the difference would lose the digits of a prediction that is nearly right.

import { loadLanes, storeLanes } from "../common/lanes";
import { exp, sigmoid } from "../common/math";
import { shareStart } from "../common/share";
import { batchCount, clearRow, gradientScale, LossArguments, rowOffset } from "./loss";

/** A part owns rows, of which it takes four at a time. */
export function bceWithLogits(args: LossArguments, part: u32, parts: u32): void {
  const count = batchCount(args);
  const end = shareStart(args.B, part + 1, parts);
  const used = min(count, end);
  let b = shareStart(args.B, part, parts);
  for (; b < used; b += 4) rowsBinary(args, b, used - b, gradientScale(args));
  for (b = max(shareStart(args.B, part, parts), used); b < end; b++) clearRow(args, b);
}

function rowsBinary(args: LossArguments, b: u32, rows: u32, scale: f32): void {
  const at = args.outputs + (<usize>b << 2);
  const z = loadLanes(at, rows);
  const label = loadLanes(args.targets + (<usize>b << 2), rows);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const isSecond = f32x4.eq(label, one);
  const linear = f32x4.sub(f32x4.max(z, zero), f32x4.mul(z, label));
  const loss = f32x4.add(linear, logOnePlus(exp(f32x4.neg(f32x4.abs(z)))));
  const isMissed = v128.xor(f32x4.gt(z, zero), isSecond);
  // The sign bit, where the label is 1
  const flipped = v128.and(isSecond, f32x4.splat(-0.0));
  const probability = v128.xor(sigmoid(v128.xor(z, flipped)), flipped);
  storeLanes(args.rowLoss + rowOffset(args, b), loss, rows);
  storeLanes(args.rowHit + rowOffset(args, b), v128.andnot(one, isMissed), rows);
  storeLanes(at, f32x4.mul(probability, f32x4.splat(scale)), rows);
}

/** log(1 + e) for e from 0 to 1, as 2 artanh(e / (2 + e)): seven terms are good for 2e-8 of the result. */
function logOnePlus(e: v128): v128 {
  const s = f32x4.div(e, f32x4.add(f32x4.splat(2), e));
  const q = f32x4.mul(s, s);
  let p = f32x4.splat(1.0 / 13.0);
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(1.0 / 11.0));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(1.0 / 9.0));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(1.0 / 7.0));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(0.2));
  p = f32x4.add(f32x4.mul(p, q), f32x4.splat(1.0 / 3.0));
  const half = f32x4.add(s, f32x4.mul(s, f32x4.mul(q, p)));
  return f32x4.add(half, half);
}
