// L2 norms of the gradients: of each tensor, and of all together. First half: partial sums of squares.
//
// A lane (start, end, stride) owns the elements start, start + stride, ... below end of one tensor. Sixteen lanes that
// follow each other read sixteen neighbouring numbers, a cache line: they walk together. A sum beyond 2^100 may be about
// to overflow: it is stored as the negative of its 2^-140th. The second number of a lane says how many of its gradients
// are not finite, or, where all are, minus how many of them clipping by value changes.

import { Control, UNBOUNDED } from "../common/control";
import { loadLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";

const LARGE: f32 = 1.2676506002282294e30;
/** 2^-70 */
export const SHRINK: f32 = 8.470329472543003e-22;

@unmanaged
export class GradNormPartials {
  replica: u32;
  gradients: usize;
  lanes: usize;
  control: usize;
  partials: usize;
  L: u32;
}

/** A row of the table `lanes` (L, 3). */
@unmanaged
export class Lane {
  start: u32;
  end: u32;
  stride: u32;
}

@inline
export function laneOf(lanes: usize, lane: u32): Lane {
  return changetype<Lane>(lanes + <usize>lane * offsetof<Lane>());
}

/** A part owns lanes. */
export function gradNormPartials(args: GradNormPartials, part: u32, parts: u32): void {
  const end = lineShareStart(args.L, part + 1, parts);
  let lane = lineShareStart(args.L, part, parts);
  while (lane < end) {
    const count = neighbours(args.lanes, lane, end);
    if (count == 16) sumLine(args, lane);
    else for (let done: u32 = 0; done < count; done += 4) sumLanes(args, lane + done, min(4, count - done));
    lane += count;
  }
}

/** What clipping by value leaves of gradients that still have the loss scale; infinite where it is off. */
function scaledLimit(args: GradNormPartials): f32 {
  const control = changetype<Control>(args.control);
  return control.limit < UNBOUNDED ? control.limit * control.lossScale : Infinity;
}

/** How many lanes from this one on, up to 16, walk side by side through the same tensor. */
export function neighbours(lanes: usize, lane: u32, end: u32): u32 {
  const first = laneOf(lanes, lane);
  let count: u32 = 1;
  while (count < 16 && lane + count < end) {
    const next = laneOf(lanes, lane + count);
    if (next.start != first.start + count || next.end != first.end || next.stride != first.stride) break;
    count++;
  }
  return count;
}

/** -1 for every number that is not finite, found by exponent bits, and 0 for the others. */
@inline
function nonFiniteMask(numbers: v128): v128 {
  const exponent = i32x4.splat(0x7f800000);
  return i32x4.eq(v128.and(numbers, exponent), exponent);
}

/** Writes the partial sums of 16 neighbouring lanes: whole lines as far as all of them reach, then what is left. */
function sumLine(args: GradNormPartials, lane: u32): void {
  const first = laneOf(args.lanes, lane);
  let sums0 = f32x4.splat(0);
  let sums1 = sums0;
  let sums2 = sums0;
  let sums3 = sums0;
  let bad = sums0;
  let p = first.start;
  for (; p + 16 <= first.end; p += first.stride) {
    const from = args.gradients + (<usize>p << 2);
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    sums0 = f32x4.add(sums0, f32x4.mul(a, a));
    sums1 = f32x4.add(sums1, f32x4.mul(b, b));
    sums2 = f32x4.add(sums2, f32x4.mul(c, c));
    sums3 = f32x4.add(sums3, f32x4.mul(d, d));
    bad = v128.or(bad, v128.or(nonFiniteMask(a), nonFiniteMask(b)));
    bad = v128.or(bad, v128.or(nonFiniteMask(c), nonFiniteMask(d)));
  }
  const largest = f32x4.max(f32x4.max(sums0, sums1), f32x4.max(sums2, sums3));
  // No gradient is above the limit where the sums of squares are below its square, but for what rounding takes
  const limit = scaledLimit(args);
  bad = v128.or(bad, f32x4.ge(largest, f32x4.splat(min<f32>(LARGE, 0.999 * limit * limit))));
  // Only a line with the ragged end of the tensor, something to count or a large sum takes the slow way
  if (v128.any_true(bad) || p < first.end) {
    for (let done: u32 = 0; done < 16; done += 4) sumLanes(args, lane + done, 4);
    return;
  }
  const to = args.partials + (<usize>lane << 3);
  const zero = f32x4.splat(0);
  storePairs(to, i32x4.shuffle(sums0, zero, 0, 4, 1, 5), i32x4.shuffle(sums0, zero, 2, 6, 3, 7), 4);
  storePairs(to + 32, i32x4.shuffle(sums1, zero, 0, 4, 1, 5), i32x4.shuffle(sums1, zero, 2, 6, 3, 7), 4);
  storePairs(to + 64, i32x4.shuffle(sums2, zero, 0, 4, 1, 5), i32x4.shuffle(sums2, zero, 2, 6, 3, 7), 4);
  storePairs(to + 96, i32x4.shuffle(sums3, zero, 0, 4, 1, 5), i32x4.shuffle(sums3, zero, 2, 6, 3, 7), 4);
}

/** Writes the partial sums of up to four neighbouring lanes. */
function sumLanes(args: GradNormPartials, lane: u32, count: u32): void {
  const first = laneOf(args.lanes, lane);
  let sums = f32x4.splat(0);
  let nonFinite = i32x4.splat(0);
  for (let p = first.start; p < first.end; p += first.stride) {
    const gradients = loadLanes(args.gradients + (<usize>p << 2), min(count, first.end - p));
    sums = f32x4.add(sums, f32x4.mul(gradients, gradients));
    nonFinite = i32x4.sub(nonFinite, nonFiniteMask(gradients));
  }
  const isLarge = f32x4.gt(sums, f32x4.splat(LARGE));
  if (v128.any_true(isLarge)) sums = v128.bitselect(f32x4.neg(shrunkSums(args, first, count)), sums, isLarge);
  let counts = f32x4.convert_i32x4_s(nonFinite);
  const limit = scaledLimit(args);
  if (limit < Infinity) {
    const areFinite = f32x4.eq(counts, f32x4.splat(0));
    counts = v128.bitselect(f32x4.neg(clippedCounts(args, first, count, limit)), counts, areFinite);
  }
  const to = args.partials + (<usize>lane << 3);
  storePairs(to, i32x4.shuffle(sums, counts, 0, 4, 1, 5), i32x4.shuffle(sums, counts, 2, 6, 3, 7), count);
}

/** How many of the lanes' gradients are larger than the limit. */
function clippedCounts(args: GradNormPartials, first: Lane, count: u32, limit: f32): v128 {
  let counts = f32x4.splat(0);
  for (let p = first.start; p < first.end; p += first.stride) {
    const gradients = loadLanes(args.gradients + (<usize>p << 2), min(count, first.end - p));
    const isLarger = f32x4.gt(f32x4.abs(gradients), f32x4.splat(limit));
    counts = f32x4.add(counts, v128.and(isLarger, f32x4.splat(1)));
  }
  return counts;
}

/** The lanes' sums of squares of gradients 2^-70 times as large. */
function shrunkSums(args: GradNormPartials, first: Lane, count: u32): v128 {
  let sums = f32x4.splat(0);
  for (let p = first.start; p < first.end; p += first.stride) {
    const gradients = loadLanes(args.gradients + (<usize>p << 2), min(count, first.end - p));
    const shrunk = f32x4.mul(gradients, f32x4.splat(SHRINK));
    sums = f32x4.add(sums, f32x4.mul(shrunk, shrunk));
  }
  return sums;
}

/** Stores the first `count` of the four pairs. */
function storePairs(to: usize, first: v128, second: v128, count: u32): void {
  if (count == 1) v128.store64_lane(to, first, 0);
  if (count >= 2) v128.store(to, first);
  if (count == 3) v128.store64_lane(to, second, 0, 16);
  if (count == 4) v128.store(to, second, 16);
}
