// Adds up lanes of gradNorm.ts and of penalties, so that few are left for the end of a step; see
// shaders/probes/foldLanes.wgsl.

import { shareStart } from "../common/share";
import { Lane, laneOf, SHRINK } from "./gradNorm";

@unmanaged
export class FoldLanes {
  replica: u32;
  partials: usize;
  folds: usize;
  folded: usize;
  L: u32;
  F: u32;
  penalized: u32;
}

/** A part owns folds. */
export function foldLanes(args: FoldLanes, part: u32, parts: u32): void {
  const end = shareStart(args.F, part + 1, parts);
  for (let fold = shareStart(args.F, part, parts); fold < end; fold++) {
    const lanes = laneOf(args.folds, fold);
    foldPairs(args.partials, lanes, args.folded + (<usize>fold << 3));
    if (args.penalized == 0) continue;
    const penalties = args.partials + (<usize>args.L << 3);
    store<f32>(args.folded + ((<usize>(2 * args.F) + fold) << 2), foldPenalties(penalties, lanes));
  }
}

/** Sums of squares, and counts. */
function foldPairs(partials: usize, lanes: Lane, to: usize): void {
  let small: f32 = 0;
  let large: f32 = 0;
  let nonFinite: f32 = 0;
  let clipped: f32 = 0;
  for (let lane = lanes.start; lane < lanes.end; lane += lanes.stride) {
    const at = partials + (<usize>lane << 3);
    const squares = load<f32>(at);
    if (squares < 0) large -= squares;
    else small += squares;
    const count = load<f32>(at, 4);
    if (count < 0) clipped -= count;
    else nonFinite += count;
  }
  store<f32>(to, large > 0 ? -(large + small * SHRINK * SHRINK) : small);
  store<f32>(to, nonFinite > 0 ? nonFinite : -clipped, 4);
}

function foldPenalties(penalties: usize, lanes: Lane): f32 {
  let sum: f32 = 0;
  for (let lane = lanes.start; lane < lanes.end; lane += lanes.stride) {
    sum += load<f32>(penalties + (<usize>lane << 2));
  }
  return sum;
}
