// The innermost loop of every matrix product: a tile of the result, held in registers, over one panel of each side.

import { TILE_ROWS } from "./blocks";

/** a b + c: rounded once where the machine has FMA and relaxed SIMD may use it, otherwise twice. */
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/**
 * tile (TILE_ROWS, 8) = left (depth, TILE_ROWS)^T · right (depth, 8), added to what is there unless `isFirst`; depth >= 1.
 *
 * The first step comes before the loop because V8 adds the offset of a splatted load to the memory's start by an
 * instruction of its own, and saves it where the same sum was computed on every way there: 24 instead of 26 for twelve
 * multiply-adds, in V8 14.6.
 */
export function multiplyTile(tile: usize, left: usize, right: usize, depth: u32, isFirst: bool): void {
  const zero = f32x4.splat(0);
  const end = right + (<usize>depth << 5);
  let low = v128.load(right);
  let high = v128.load(right, 16);
  let x = v128.load32_splat(left);
  let low0 = multiplyAdd(x, low, isFirst ? zero : v128.load(tile));
  let high0 = multiplyAdd(x, high, isFirst ? zero : v128.load(tile, 16));
  x = v128.load32_splat(left, 4);
  let low1 = multiplyAdd(x, low, isFirst ? zero : v128.load(tile, 32));
  let high1 = multiplyAdd(x, high, isFirst ? zero : v128.load(tile, 48));
  x = v128.load32_splat(left, 8);
  let low2 = multiplyAdd(x, low, isFirst ? zero : v128.load(tile, 64));
  let high2 = multiplyAdd(x, high, isFirst ? zero : v128.load(tile, 80));
  x = v128.load32_splat(left, 12);
  let low3 = multiplyAdd(x, low, isFirst ? zero : v128.load(tile, 96));
  let high3 = multiplyAdd(x, high, isFirst ? zero : v128.load(tile, 112));
  let low4 = zero;
  let high4 = zero;
  let low5 = zero;
  let high5 = zero;
  if (TILE_ROWS == 6) {
    x = v128.load32_splat(left, 16);
    low4 = multiplyAdd(x, low, isFirst ? zero : v128.load(tile, 128));
    high4 = multiplyAdd(x, high, isFirst ? zero : v128.load(tile, 144));
    x = v128.load32_splat(left, 20);
    low5 = multiplyAdd(x, low, isFirst ? zero : v128.load(tile, 160));
    high5 = multiplyAdd(x, high, isFirst ? zero : v128.load(tile, 176));
  }
  for (right += 32, left += TILE_ROWS << 2; right < end; right += 32, left += TILE_ROWS << 2) {
    low = v128.load(right);
    high = v128.load(right, 16);
    x = v128.load32_splat(left);
    low0 = multiplyAdd(x, low, low0);
    high0 = multiplyAdd(x, high, high0);
    x = v128.load32_splat(left, 4);
    low1 = multiplyAdd(x, low, low1);
    high1 = multiplyAdd(x, high, high1);
    x = v128.load32_splat(left, 8);
    low2 = multiplyAdd(x, low, low2);
    high2 = multiplyAdd(x, high, high2);
    x = v128.load32_splat(left, 12);
    low3 = multiplyAdd(x, low, low3);
    high3 = multiplyAdd(x, high, high3);
    if (TILE_ROWS == 6) {
      x = v128.load32_splat(left, 16);
      low4 = multiplyAdd(x, low, low4);
      high4 = multiplyAdd(x, high, high4);
      x = v128.load32_splat(left, 20);
      low5 = multiplyAdd(x, low, low5);
      high5 = multiplyAdd(x, high, high5);
    }
  }
  v128.store(tile, low0);
  v128.store(tile, high0, 16);
  v128.store(tile, low1, 32);
  v128.store(tile, high1, 48);
  v128.store(tile, low2, 64);
  v128.store(tile, high2, 80);
  v128.store(tile, low3, 96);
  v128.store(tile, high3, 112);
  if (TILE_ROWS == 6) {
    v128.store(tile, low4, 128);
    v128.store(tile, high4, 144);
    v128.store(tile, low5, 160);
    v128.store(tile, high5, 176);
  }
}
