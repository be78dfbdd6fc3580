// How a matrix product is cut (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008).
//
// Engines have 16 vector registers on x86, one of them reserved. A tile of 6 rows of 8 columns takes twelve for its
// sums, two for the right side's row and one for the left side's number, and runs at 98 % of the peak of 128-bit FMA.
// Without FMA each product needs a register of its own: 6x8 spills and falls to half, 4x8 does not. Measured in GFLOP/s:
// one Zen 4 core 58 for 6x8 with FMA, 36 for 4x16; with a product and a sum 47 for 4x8, 29 for 6x8. One Xeon core at
// 2.5 GHz, in Chromium 156: 44 for 6x8 with FMA, 24.5 for 4x8 without.

/** Rows of a tile of the result. */
export const TILE_ROWS: u32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
/** Columns of a tile of the result: two vectors. */
export const TILE_COLUMNS: u32 = 8;

/** Steps along the depth between two visits to a tile: a right panel, 12 KiB, and a left one fit the L1 cache. */
export const PANEL_DEPTH: u32 = 400;

/** Rows of the left side that are packed at a time, 206 KiB: they fit the L2 cache. Whole tiles of 4 and 6. */
export const LEFT_ROWS: u32 = 132;

/** The block of the result that is computed in scratch: its sides are packed once for all of it. */
export const BLOCK_ROWS: u32 = 528;
export const BLOCK_COLUMNS: u32 = 512;

/** Columns of a strip of the block, which is stored at a time: a cache line. */
export const STRIP_COLUMNS: u32 = 16;
