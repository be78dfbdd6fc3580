// Room for what a kernel needs while it runs. Every thread has an instance of the module, and so a scratch of its own.

import { BLOCK_COLUMNS, BLOCK_ROWS, LEFT_ROWS, PANEL_DEPTH, STRIP_COLUMNS } from "./blocks";

/** Four round keys of a permutation; sizes and pointers of a product. */
export let scratchKeys: usize = 0;
export let scratchProduct: usize = 0;
/** (LEFT_ROWS / TILE_ROWS, depth, TILE_ROWS): packed rows of a product's left side. */
export let scratchLeft: usize = 0;
/** (BLOCK_COLUMNS / TILE_COLUMNS, depth, TILE_COLUMNS): packed columns of its right side. */
export let scratchRight: usize = 0;
/** (rows / LEFT_ROWS, columns / TILE_COLUMNS, LEFT_ROWS, TILE_COLUMNS): the block of a product that is being computed. */
export let scratchBlock: usize = 0;
/** (columns / TILE_COLUMNS, rows, TILE_COLUMNS): what the activation's derivative needs, of one strip. */
export let scratchSaved: usize = 0;

const KEYS_BYTES: usize = 64;
const PRODUCT_BYTES: usize = 128;
const LEFT_BYTES: usize = LEFT_ROWS * PANEL_DEPTH * 4;
const RIGHT_BYTES: usize = BLOCK_COLUMNS * PANEL_DEPTH * 4;
const BLOCK_BYTES: usize = BLOCK_ROWS * BLOCK_COLUMNS * 4;
const SAVED_BYTES: usize = LEFT_ROWS * STRIP_COLUMNS * 4;

/** Bytes of a thread's scratch, a multiple of 64. */
export function scratchBytes(): usize {
  return KEYS_BYTES + PRODUCT_BYTES + LEFT_BYTES + RIGHT_BYTES + BLOCK_BYTES + SAVED_BYTES;
}

/** Gives this instance its scratch: `scratchBytes()` at a multiple of 64. To be called before any kernel. */
export function useScratch(start: usize): void {
  scratchKeys = start;
  scratchProduct = scratchKeys + KEYS_BYTES;
  scratchLeft = scratchProduct + PRODUCT_BYTES;
  scratchRight = scratchLeft + LEFT_BYTES;
  scratchBlock = scratchRight + RIGHT_BYTES;
  scratchSaved = scratchBlock + BLOCK_BYTES;
}
