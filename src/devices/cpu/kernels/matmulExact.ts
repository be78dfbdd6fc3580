// Matrix products with twice the digits of float32; see shaders/common/matmul-exact.wgsl. What is a pair of float32 there
// is computed in float64 here, and stored as the same pair.

import { scratchLeft, scratchRight, scratchSaved } from "./common/scratch";
import { shareStart } from "./common/share";

@unmanaged
export class ExactMatmul {
  replica: u32;
  left: usize;
  right: usize;
  gate: usize;
  result: usize;
  rows: u32;
  columns: u32;
  depth: u32;
  accumulate: u32;
}

/** Rows and columns of a tile: its sums take eight vectors of two numbers. */
const SIDE: u32 = 4;
/** Columns and steps along the depth that are packed at a time: 64 x 1024 numbers of 8 bytes, in the scratch. */
const PANEL_COLUMNS: u32 = 64;
const PANEL_STEPS: u32 = 1024;

/** A part owns rows. */
export function exactMatmul(args: ExactMatmul, part: u32, parts: u32): void {
  if (load<f32>(args.gate) == 0) return;
  const tiles = (args.rows + SIDE - 1) / SIDE;
  const start = shareStart(tiles, part, parts) * SIDE;
  const end = min(args.rows, shareStart(tiles, part + 1, parts) * SIDE);
  if (start >= end) return;
  for (let k: u32 = 0; k < args.depth; k += PANEL_STEPS) {
    for (let column: u32 = 0; column < args.columns; column += PANEL_COLUMNS) {
      multiplyPanel(args, start, end, column, k);
    }
  }
}

/** Rows `start` to `end` of up to 64 columns, over up to 1024 steps. */
function multiplyPanel(args: ExactMatmul, start: u32, end: u32, column: u32, k: u32): void {
  const depth = min(PANEL_STEPS, args.depth - k);
  const width = min(PANEL_COLUMNS, args.columns - column);
  const adds = args.accumulate != 0 || k > 0;
  const tileBytes = (<usize>depth * SIDE) << 3;
  for (let j: u32 = 0; j < width; j += SIDE) {
    packRight(args, k, depth, column + j, scratchRight + <usize>(j / SIDE) * tileBytes);
  }
  for (let row = start; row < end; row += SIDE) {
    packLeft(args, row, min(SIDE, end - row), k, depth);
    for (let j: u32 = 0; j < width; j += SIDE) {
      multiplyTile(scratchRight + <usize>(j / SIDE) * tileBytes, depth);
      storeTile(args, row, min(SIDE, end - row), column + j, min(SIDE, width - j), adds);
    }
  }
}

/** The sum of a pair whose high part is at `at` and whose low part is `plane` bytes behind. */
@inline
function pairAt(at: usize, plane: usize): f64 {
  return <f64>load<f32>(at) + <f64>load<f32>(at + plane);
}

/** Stores a number as a pair. */
@inline
export function storePair(at: usize, plane: usize, value: f64): void {
  const high = <f32>value;
  store<f32>(at, high);
  store<f32>(at + plane, <f32>(value - <f64>high));
}

/** Copies `depth` rows of up to four columns of `right` to (depth, 4); columns past the edge become 0. */
function packRight(args: ExactMatmul, k: u32, depth: u32, column: u32, to: usize): void {
  const plane = <usize>(args.depth * args.columns) << 2;
  const count = min(SIDE, args.columns - column);
  for (let i: u32 = 0; i < depth; i++, to += SIDE << 3) {
    const from = args.right + (<usize>((k + i) * args.columns + column) << 2);
    for (let j: u32 = 0; j < SIDE; j++) {
      store<f64>(to + (<usize>j << 3), j < count ? pairAt(from + (<usize>j << 2), plane) : 0);
    }
  }
}

/** Copies up to four rows of `left` to (depth, 4); rows past the edge become 0. */
function packLeft(args: ExactMatmul, row: u32, count: u32, k: u32, depth: u32): void {
  const plane = <usize>(args.rows * args.depth) << 2;
  for (let i: u32 = 0; i < SIDE; i++) {
    let to = scratchLeft + (<usize>i << 3);
    const from = args.left + (<usize>((row + i) * args.depth + k) << 2);
    for (let j: u32 = 0; j < depth; j++, to += SIDE << 3) {
      store<f64>(to, i < count ? pairAt(from + (<usize>j << 2), plane) : 0);
    }
  }
}

@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(f64x2.mul(a, b), c);
}

/** scratchSaved (4, 4) = scratchLeft (depth, 4)^T · right (depth, 4), in float64. */
function multiplyTile(right: usize, depth: u32): void {
  let low0 = f64x2.splat(0);
  let high0 = low0;
  let low1 = low0;
  let high1 = low0;
  let low2 = low0;
  let high2 = low0;
  let low3 = low0;
  let high3 = low0;
  const end = right + ((<usize>depth * SIDE) << 3);
  for (let left = scratchLeft; right < end; right += SIDE << 3, left += SIDE << 3) {
    const low = v128.load(right);
    const high = v128.load(right, 16);
    const x0 = v128.load64_splat(left);
    low0 = multiplyAdd(x0, low, low0);
    high0 = multiplyAdd(x0, high, high0);
    const x1 = v128.load64_splat(left, 8);
    low1 = multiplyAdd(x1, low, low1);
    high1 = multiplyAdd(x1, high, high1);
    const x2 = v128.load64_splat(left, 16);
    low2 = multiplyAdd(x2, low, low2);
    high2 = multiplyAdd(x2, high, high2);
    const x3 = v128.load64_splat(left, 24);
    low3 = multiplyAdd(x3, low, low3);
    high3 = multiplyAdd(x3, high, high3);
  }
  v128.store(scratchSaved, low0);
  v128.store(scratchSaved, high0, 16);
  v128.store(scratchSaved, low1, 32);
  v128.store(scratchSaved, high1, 48);
  v128.store(scratchSaved, low2, 64);
  v128.store(scratchSaved, high2, 80);
  v128.store(scratchSaved, low3, 96);
  v128.store(scratchSaved, high3, 112);
}

/** Stores the tile that is in scratch, or adds it. */
function storeTile(args: ExactMatmul, row: u32, rows: u32, column: u32, columns: u32, adds: bool): void {
  const plane = <usize>(args.rows * args.columns) << 2;
  for (let i: u32 = 0; i < rows; i++) {
    let at = args.result + (<usize>((row + i) * args.columns + column) << 2);
    for (let j: u32 = 0; j < columns; j++, at += 4) {
      const value = load<f64>(scratchSaved + (<usize>(i * SIDE + j) << 3));
      storePair(at, plane, adds ? value + pairAt(at, plane) : value);
    }
  }
}
