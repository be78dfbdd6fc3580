// What kernels do with a strip of a product's block: up to 16 columns, a panel (rows, 8) for each 8 of them.

import { TILE_COLUMNS } from "./blocks";
import { loadLanes, storeLanes } from "./lanes";
import { Product } from "./product";
import { scratchSaved } from "./scratch";

/** Numbers of the strip, with those that hang over the edge of the result. */
export function stripCount(p: Product): u32 {
  return ((p.stripWidth + TILE_COLUMNS - 1) & ~(TILE_COLUMNS - 1)) * p.paddedHeight;
}

/** Byte offset of the strip's first number in the result (rows, columns). */
@inline
function stripOffset(p: Product): usize {
  return (<usize>(p.row + p.stripRow) * p.columns + p.column + p.stripColumn) << 2;
}

/** Adds the strip's columns of `bias` (columns) to every row. */
export function addBias(p: Product, bias: usize): void {
  let from = bias + (<usize>(p.column + p.stripColumn) << 2);
  let to = p.strip;
  for (let column: u32 = 0; column < p.stripWidth; column += TILE_COLUMNS, from += 32) {
    const count = p.stripWidth - column;
    const low = loadLanes(from, count);
    const high = loadLanes(from + 16, count > 4 ? count - 4 : 0);
    const end = to + (<usize>p.paddedHeight << 5);
    for (; to < end; to += 32) {
      v128.store(to, f32x4.add(v128.load(to), low));
      v128.store(to, f32x4.add(v128.load(to, 16), high), 16);
    }
  }
}

/** Stores the strip into `result` (rows, columns), or adds it where `accumulate` is 1. */
export function storeStrip(p: Product, result: usize, accumulate: u32): void {
  const second = <usize>p.paddedHeight << 5;
  const rowBytes = <usize>p.columns << 2;
  let to = result + stripOffset(p);
  const end = p.strip + (<usize>p.stripHeight << 5);
  if (p.stripWidth == 16 && !accumulate) {
    for (let from = p.strip; from < end; from += 32, to += rowBytes) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(to, v128.load(from + second), 32);
      v128.store(to, v128.load(from + second, 16), 48);
    }
    return;
  }
  for (let from = p.strip; from < end; from += 32, to += rowBytes) {
    for (let column: u32 = 0; column < p.stripWidth; column += 4) {
      const at = to + (<usize>column << 2);
      const count = p.stripWidth - column;
      let values = v128.load(from + (<usize>(column & 4) << 2) + (column >= TILE_COLUMNS ? second : 0));
      if (accumulate) values = f32x4.add(loadLanes(at, count), values);
      storeLanes(at, values, count);
    }
  }
}

/** Copies the strip's part of `saved` (rows, columns) to scratch, in the order of the strip. */
export function loadSaved(p: Product, saved: usize): void {
  const second = <usize>p.paddedHeight << 5;
  let from = saved + stripOffset(p);
  const rowBytes = <usize>p.columns << 2;
  const end = scratchSaved + (<usize>p.stripHeight << 5);
  if (p.stripWidth == 16) {
    for (let to = scratchSaved; to < end; to += 32, from += rowBytes) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      v128.store(to + second, v128.load(from, 32));
      v128.store(to + second, v128.load(from, 48), 16);
    }
    return;
  }
  for (let to = scratchSaved; to < end; to += 32, from += rowBytes) {
    for (let column: u32 = 0; column < p.stripWidth; column += 4) {
      const lanes = loadLanes(from + (<usize>column << 2), p.stripWidth - column);
      v128.store(to + (<usize>(column & 4) << 2) + (column >= TILE_COLUMNS ? second : 0), lanes);
    }
  }
}
