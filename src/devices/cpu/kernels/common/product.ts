// Matrix product left (rows, depth) · right (depth, columns), a block at a time. The kernels store what they make of
// the block strip by strip:
//
//   shareProduct(p, part, parts);
//   while (nextBlock(p)) {
//     multiplyBlock(p);
//     while (nextStrip(p)) { ... storeStrip(p, result, 0); }
//   }
//
// Every number of the result is a sum in the order of the depth, whatever the part, the block and the tile.

import {
  BLOCK_COLUMNS,
  BLOCK_ROWS,
  LEFT_ROWS,
  PANEL_DEPTH,
  STRIP_COLUMNS,
  TILE_COLUMNS,
  TILE_ROWS,
} from "./blocks";
import { packPanels, Side } from "./packing";
import { scratchBlock, scratchLeft, scratchProduct, scratchRight } from "./scratch";
import { shareStart } from "./share";
import { multiplyTile } from "./tile";

@unmanaged
export class Product {
  /** Lanes are rows. */
  left: Side;
  /** Lanes are columns. */
  right: Side;
  rows: u32;
  columns: u32;
  depth: u32;
  /** The part's rectangle of the result: up to `lastRow` and `lastColumn`, which it does not include. */
  firstColumn: u32;
  lastRow: u32;
  lastColumn: u32;
  /** The block at hand: its first row and column, and its size. */
  row: u32;
  column: u32;
  height: u32;
  width: u32;
  /** Where its last turn along the depth begins. */
  lastTurn: u32;
  /** The strip at hand: its first row and column in the block, its size, and its rows rounded up to whole tiles. */
  stripRow: u32;
  stripColumn: u32;
  stripHeight: u32;
  stripWidth: u32;
  paddedHeight: u32;
  /** Where it is in the scratch. */
  strip: usize;
}

const SIDE_BYTES: usize = 12;

/** The product of this thread's scratch, to be filled in. */
export function scratchedProduct(rows: u32, columns: u32, depth: u32): Product {
  const p = changetype<Product>(scratchProduct);
  p.left = changetype<Side>(scratchProduct + offsetof<Product>());
  p.right = changetype<Side>(scratchProduct + offsetof<Product>() + SIDE_BYTES);
  p.rows = rows;
  p.columns = columns;
  p.depth = depth;
  return p;
}

/** A side that is stored as (lanes, depth). */
export function setLanes(side: Side, start: usize, depth: u32): void {
  side.start = start;
  side.lane = <usize>depth << 2;
  side.step = 4;
}

/** A side that is stored as (depth, lanes). */
export function setSteps(side: Side, start: usize, lanes: u32): void {
  side.start = start;
  side.lane = 4;
  side.step = <usize>lanes << 2;
}

/**
 * Gives a part its rectangle of the result, cut along its longer side: first in as many pieces as `parts` has without
 * its factors of two, then again and again in two. So two neighbours of twice as many parts have the same rectangle
 * together, and all are nearly squares, which have the least to pack.
 */
export function shareProduct(p: Product, part: u32, parts: u32): void {
  p.row = 0;
  p.lastRow = (p.rows + TILE_ROWS - 1) / TILE_ROWS;
  p.firstColumn = 0;
  p.lastColumn = (p.columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
  let halvings = ctz(parts);
  cutRectangle(p, part >> halvings, parts >> halvings);
  while (halvings > 0) {
    halvings--;
    cutRectangle(p, (part >> halvings) & 1, 2);
  }
  p.row *= TILE_ROWS;
  p.lastRow = min(p.rows, p.lastRow * TILE_ROWS);
  p.firstColumn *= TILE_COLUMNS;
  p.lastColumn = min(p.columns, p.lastColumn * TILE_COLUMNS);
  p.column = p.firstColumn;
  p.width = 0;
}

/** Leaves one of `pieces` of a rectangle in tiles. */
function cutRectangle(p: Product, piece: u32, pieces: u32): void {
  const tiles = p.lastRow - p.row;
  const panels = p.lastColumn - p.firstColumn;
  if (tiles * TILE_ROWS > panels * TILE_COLUMNS) {
    p.lastRow = p.row + shareStart(tiles, piece + 1, pieces);
    p.row += shareStart(tiles, piece, pieces);
  } else {
    p.lastColumn = p.firstColumn + shareStart(panels, piece + 1, pieces);
    p.firstColumn += shareStart(panels, piece, pieces);
  }
}

/** Makes the next block of the part's rectangle the one at hand; false after the last. */
export function nextBlock(p: Product): bool {
  p.column += p.width;
  if (p.column >= p.lastColumn) {
    if (p.width == 0) return false;
    p.column = p.firstColumn;
    p.row += p.height;
  }
  if (p.row >= p.lastRow) return false;
  p.height = min(BLOCK_ROWS, p.lastRow - p.row);
  p.width = min(BLOCK_COLUMNS, p.lastColumn - p.column);
  p.stripRow = 0;
  p.stripHeight = 0;
  p.stripColumn = p.width;
  p.stripWidth = 0;
  return true;
}

/** Computes the block at hand in scratch, but for the last turn along the depth, which `nextStrip` makes. */
export function multiplyBlock(p: Product): void {
  const turns = (p.depth + PANEL_DEPTH - 1) / PANEL_DEPTH;
  const step = ((p.depth + turns - 1) / turns + 3) & ~3;
  let k: u32 = 0;
  for (; k + step < p.depth; k += step) {
    packRight(p, k, step);
    for (let row: u32 = 0; row < p.height; row += LEFT_ROWS) {
      const rows = min(LEFT_ROWS, p.height - row);
      packLeft(p, k, step, row, rows);
      multiplyPanels(blockRows(p, row), scratchRight, p.width, rows, step, k == 0);
    }
  }
  packRight(p, k, p.depth - k);
  p.lastTurn = k;
}

/** Makes the next strip of the block the one at hand, and computes what it lacks; false after the last. */
export function nextStrip(p: Product): bool {
  const depth = p.depth - p.lastTurn;
  p.stripColumn += p.stripWidth;
  if (p.stripColumn >= p.width) {
    p.stripColumn = 0;
    p.stripRow += p.stripHeight;
    if (p.stripRow >= p.height) return false;
    p.stripHeight = min(LEFT_ROWS, p.height - p.stripRow);
    p.paddedHeight = ((p.stripHeight + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS;
    packLeft(p, p.lastTurn, depth, p.stripRow, p.stripHeight);
  }
  p.stripWidth = min(STRIP_COLUMNS, p.width - p.stripColumn);
  const isFirst = p.lastTurn == 0;
  // With no sums of earlier turns to be kept, all strips take the same place: it stays in the first-level cache
  p.strip = isFirst ? scratchBlock : blockRows(p, p.stripRow) + (<usize>(p.stripColumn * p.paddedHeight) << 2);
  const right = scratchRight + (<usize>(p.stripColumn * depth) << 2);
  multiplyPanels(p.strip, right, p.stripWidth, p.stripHeight, depth, isFirst);
  return true;
}

/** Packs the block's columns, over `depth` steps from `k` on. */
function packRight(p: Product, k: u32, depth: u32): void {
  const from = p.right.start + <usize>p.column * p.right.lane + <usize>k * p.right.step;
  packPanels(from, p.right, p.width, depth, scratchRight, TILE_COLUMNS);
}

/** Packs some of the block's rows, over `depth` steps from `k` on. */
function packLeft(p: Product, k: u32, depth: u32, row: u32, rows: u32): void {
  const from = p.left.start + <usize>(p.row + row) * p.left.lane + <usize>k * p.left.step;
  packPanels(from, p.left, rows, depth, scratchLeft, TILE_ROWS);
}

/** Where the block's rows from `row` on are in scratch, a multiple of LEFT_ROWS. */
function blockRows(p: Product, row: u32): usize {
  const columns = (p.width + TILE_COLUMNS - 1) & ~(TILE_COLUMNS - 1);
  return scratchBlock + (<usize>(row * columns) << 2);
}

/** Stores at `to`, or adds, the products of the packed rows with `columns` packed columns from `right` on. */
function multiplyPanels(to: usize, right: usize, columns: u32, rows: u32, depth: u32, isFirst: bool): void {
  const leftBytes = (<usize>depth * TILE_ROWS) << 2;
  for (let column: u32 = 0; column < columns; column += TILE_COLUMNS) {
    const end = to + (<usize>rows << 5);
    let left = scratchLeft;
    for (; to < end; to += TILE_ROWS << 5, left += leftBytes) multiplyTile(to, left, right, depth, isFirst);
    right += <usize>depth << 5;
  }
}
