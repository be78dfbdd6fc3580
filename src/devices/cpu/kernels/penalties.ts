// L1 and L2 penalties on the weight matrices, and their gradient; see shaders/common/penalties.wgsl.
//
//   penalty = sum of l1 |w| + l2/2 w^2      gradient += lossScale (l1 sign(w) + l2 w), sign(0) = 0

import { Control } from "./common/control";
import { loadLanes, storeLanes } from "./common/lanes";
import { lineShareStart } from "./common/share";
import { laneOf, neighbours } from "./probes/gradNorm";

@unmanaged
export class Penalize {
  replica: u32;
  parameters: usize;
  gradients: usize;
  lanes: usize;
  control: usize;
  partials: usize;
  L: u32;
  matrices: u32;
}

/** A part owns lanes. */
export function penalize(args: Penalize, part: u32, parts: u32): void {
  const end = lineShareStart(args.L, part + 1, parts);
  let lane = lineShareStart(args.L, part, parts);
  while (lane < end) {
    const count = min(4, neighbours(args.lanes, lane, end));
    penalizeLanes(args, lane, count);
    lane += count;
  }
}

/** Up to four neighbouring lanes, which walk together. */
function penalizeLanes(args: Penalize, lane: u32, count: u32): void {
  const control = changetype<Control>(args.control);
  const l1 = f32x4.splat(control.l1);
  const l2 = f32x4.splat(control.l2);
  const halfL2 = f32x4.splat(0.5 * control.l2);
  const scale = f32x4.splat(control.lossScale);
  const lanes = laneOf(args.lanes, lane);
  const end = min(lanes.end, args.matrices);
  let penalties = f32x4.splat(0);
  for (let p = lanes.start; p < end; p += lanes.stride) {
    const used = min(count, end - p);
    const offset = <usize>p << 2;
    const w = loadLanes(args.parameters + offset, used);
    const signs = v128.or(v128.and(f32x4.splat(-0.0), w), v128.and(f32x4.splat(1), f32x4.ne(w, f32x4.splat(0))));
    const gradients = f32x4.mul(scale, f32x4.add(f32x4.mul(l1, signs), f32x4.mul(l2, w)));
    storeLanes(args.gradients + offset, f32x4.add(loadLanes(args.gradients + offset, used), gradients), used);
    penalties = f32x4.add(penalties, f32x4.mul(l1, f32x4.abs(w)));
    penalties = f32x4.add(penalties, f32x4.mul(halfL2, f32x4.mul(w, w)));
  }
  storeLanes(args.partials + ((<usize>(2 * args.L) + lane) << 2), penalties, count);
}
