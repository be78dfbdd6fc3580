// Copies one side of a matrix product into panels (depth, width), the order in which the innermost loop reads it. All
// transposes of a product differ in nothing but this. A lane is a row of the left side or a column of the right side.

import { loadLanes } from "./lanes";

/** A side of a product: its start, and the bytes from one lane to the next and along the depth; one of them is 4. */
@unmanaged
export class Side {
  start: usize;
  lane: usize;
  step: usize;
}

/** Steps along the depth that are copied across all panels at once: their rows stay in the first-level cache. */
const COPIED_STEPS: u32 = 8;

/** Packs `lanes` lanes from `from` on into panels of `width` lanes at `to`; lanes that the last one lacks become 0. */
@inline
export function packPanels(from: usize, side: Side, lanes: u32, depth: u32, to: usize, width: u32): void {
  const panelBytes = (<usize>depth * width) << 2;
  if (side.lane != 4) {
    for (let lane: u32 = 0; lane < lanes; lane += width, to += panelBytes) {
      transposePanel(from + <usize>lane * side.lane, side.lane, min(width, lanes - lane), depth, to, width);
    }
    return;
  }
  for (let k: u32 = 0; k < depth; k += COPIED_STEPS) {
    const steps = min(COPIED_STEPS, depth - k);
    const row = from + <usize>k * side.step;
    let panel = to + ((<usize>k * width) << 2);
    for (let lane: u32 = 0; lane < lanes; lane += width, panel += panelBytes) {
      copySteps(row + (<usize>lane << 2), side.step, min(width, lanes - lane), steps, panel, width);
    }
  }
}

/** Copies `steps` rows of `count` numbers into a panel. */
@inline
function copySteps(from: usize, step: usize, count: u32, steps: u32, to: usize, width: u32): void {
  const end = to + ((<usize>steps * width) << 2);
  if (count == width) {
    for (; to < end; to += <usize>width << 2, from += step) {
      v128.store(to, v128.load(from));
      if (width == 8) v128.store(to, v128.load(from, 16), 16);
      if (width == 6) store<u64>(to, load<u64>(from, 16), 16);
    }
    return;
  }
  for (; to < end; to += <usize>width << 2, from += step) {
    v128.store(to, loadLanes(from, count));
    if (width == 4) continue;
    const rest = loadLanes(from + 16, count > 4 ? count - 4 : 0);
    if (width == 8) v128.store(to, rest, 16);
    if (width == 6) v128.store64_lane(to, rest, 0, 16);
  }
}

/** Copies `count` lanes, each of `depth` numbers side by side, into the columns of a panel. */
@inline
function transposePanel(from: usize, lane: usize, count: u32, depth: u32, to: usize, width: u32): void {
  const row = <usize>width << 2;
  if (count < width) memory.fill(to, 0, <usize>depth * row);
  let done: u32 = 0;
  for (; done + 4 <= count; done += 4, from += lane << 2, to += 16) transposeFour(from, lane, depth, to, row);
  if (done + 2 <= count) {
    transposeTwo(from, lane, depth, to, row);
    done += 2;
    from += lane << 1;
    to += 8;
  }
  if (done < count) transposeRest(from, lane, 1, depth, to, row);
}

/** Four lanes, by blocks of 4x4 numbers. */
function transposeFour(from: usize, lane: usize, depth: u32, to: usize, row: usize): void {
  let left = depth;
  for (; left >= 4; left -= 4, from += 16) {
    const a = v128.load(from);
    const b = v128.load(from + lane);
    const c = v128.load(from + (lane << 1));
    const d = v128.load(from + (lane << 1) + lane);
    const lowAB = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const highAB = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const lowCD = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const highCD = i32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(to, i64x2.shuffle(lowAB, lowCD, 0, 2));
    to += row;
    v128.store(to, i64x2.shuffle(lowAB, lowCD, 1, 3));
    to += row;
    v128.store(to, i64x2.shuffle(highAB, highCD, 0, 2));
    to += row;
    v128.store(to, i64x2.shuffle(highAB, highCD, 1, 3));
    to += row;
  }
  transposeRest(from, lane, 4, left, to, row);
}

/** Two lanes, by blocks of 2x4 numbers. */
function transposeTwo(from: usize, lane: usize, depth: u32, to: usize, row: usize): void {
  let left = depth;
  for (; left >= 4; left -= 4, from += 16) {
    const a = v128.load(from);
    const b = v128.load(from + lane);
    const low = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const high = i32x4.shuffle(a, b, 2, 6, 3, 7);
    v128.store64_lane(to, low, 0);
    to += row;
    v128.store64_lane(to, low, 1);
    to += row;
    v128.store64_lane(to, high, 0);
    to += row;
    v128.store64_lane(to, high, 1);
    to += row;
  }
  transposeRest(from, lane, 2, left, to, row);
}

/** Any lanes, number by number. */
function transposeRest(from: usize, lane: usize, count: u32, depth: u32, to: usize, row: usize): void {
  for (; count > 0; count--, from += lane, to += 4) {
    for (let k: u32 = 0; k < depth; k++) store<u32>(to + <usize>k * row, load<u32>(from + (<usize>k << 2)));
  }
}
