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
  /** The block at hand: its first row and column, its size, and its rows rounded up to whole tiles. */
  row: u32;
  column: u32;
  height: u32;
  width: u32;
  paddedHeight: u32;
  /** The strip at hand: its columns from the block's first one on, and where it is in the scratch. */
  stripColumn: u32;
  stripWidth: u32;
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

/** Packing a number takes about as long as this many products: 6 against 22 a nanosecond, measured on a Xeon. */
const PACKING_COST: u32 = 4;

/** Gives a part its rectangle of the result: of all grids of `parts` rectangles, one that takes the least time. */
export function shareProduct(p: Product, part: u32, parts: u32): void {
  const tiles = (p.rows + TILE_ROWS - 1) / TILE_ROWS;
  const panels = (p.columns + TILE_COLUMNS - 1) / TILE_COLUMNS;
  let down: u32 = 1;
  let leastCost = u64.MAX_VALUE;
  for (let candidate: u32 = 1; candidate <= parts; candidate++) {
    if (parts % candidate != 0) continue;
    const across = parts / candidate;
    const height = ((tiles + candidate - 1) / candidate) * TILE_ROWS;
    const width = ((panels + across - 1) / across) * TILE_COLUMNS;
    const cost = <u64>height * width + PACKING_COST * (height + width);
    if (cost >= leastCost) continue;
    leastCost = cost;
    down = candidate;
  }
  const across = parts / down;
  p.row = shareStart(tiles, part / across, down) * TILE_ROWS;
  p.lastRow = min(p.rows, shareStart(tiles, part / across + 1, down) * TILE_ROWS);
  p.firstColumn = shareStart(panels, part % across, across) * TILE_COLUMNS;
  p.lastColumn = min(p.columns, shareStart(panels, (part % across) + 1, across) * TILE_COLUMNS);
  p.column = p.firstColumn;
  p.width = 0;
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
  p.paddedHeight = ((p.height + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS;
  p.stripColumn = 0;
  p.stripWidth = 0;
  return true;
}

/** Computes the block at hand in scratch. */
export function multiplyBlock(p: Product): void {
  const turns = (p.depth + PANEL_DEPTH - 1) / PANEL_DEPTH;
  const step = (((p.depth + turns - 1) / turns + 3) & ~3);
  for (let k: u32 = 0; k < p.depth; k += step) {
    const depth = min(step, p.depth - k);
    const right = p.right.start + <usize>p.column * p.right.lane + <usize>k * p.right.step;
    packPanels(right, p.right, p.width, depth, scratchRight, TILE_COLUMNS);
    for (let row: u32 = 0; row < p.height; row += LEFT_ROWS) {
      const rows = min(LEFT_ROWS, p.height - row);
      const left = p.left.start + <usize>(p.row + row) * p.left.lane + <usize>k * p.left.step;
      packPanels(left, p.left, rows, depth, scratchLeft, TILE_ROWS);
      multiplyPanels(p, row, rows, depth, k == 0);
    }
  }
}

/** Rows `row` to `row + rows` of the block, from the panels in scratch. */
function multiplyPanels(p: Product, row: u32, rows: u32, depth: u32, isFirst: bool): void {
  const stripBytes = <usize>p.paddedHeight << 5;
  const leftBytes = (<usize>depth * TILE_ROWS) << 2;
  let strip = scratchBlock + (<usize>row << 5);
  let right = scratchRight;
  for (let column: u32 = 0; column < p.width; column += TILE_COLUMNS) {
    const end = strip + (<usize>rows << 5);
    let left = scratchLeft;
    for (let tile = strip; tile < end; tile += TILE_ROWS << 5, left += leftBytes) {
      multiplyTile(tile, left, right, depth, isFirst);
    }
    strip += stripBytes;
    right += <usize>depth << 5;
  }
}

/** Makes the next strip of the block the one at hand; false after the last. */
export function nextStrip(p: Product): bool {
  p.stripColumn += p.stripWidth;
  if (p.stripColumn >= p.width) return false;
  p.stripWidth = min(STRIP_COLUMNS, p.width - p.stripColumn);
  p.strip = scratchBlock + (<usize>(p.stripColumn * p.paddedHeight) << 2);
  return true;
}
