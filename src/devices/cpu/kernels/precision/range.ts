// What rounding would do to numbers, and how large they are; see shaders/precision/range.wgsl.

import { shareStart } from "../common/share";
import { rounded } from "./rounding";

const SLICES: u32 = 16;
const COLUMNS: u32 = 48;
/** Columns before the octaves. */
const FATES: u32 = 4;
/** Biased exponents of the first octave and of the last. */
const LEAST_OCTAVE: u32 = 100;
const LAST_OCTAVE: u32 = LEAST_OCTAVE + COLUMNS - FATES - 1;
const INFINITE: u32 = 0x7f800000;

@unmanaged
export class CountRange {
  replica: u32;
  values: usize;
  counts: usize;
  N: u32;
  format: u32;
}

/** A part owns slices. */
export function countRange(args: CountRange, part: u32, parts: u32): void {
  const end = shareStart(SLICES, part + 1, parts);
  for (let slice = shareStart(SLICES, part, parts); slice < end; slice++) {
    const counts = args.counts + ((<usize>slice * COLUMNS) << 2);
    memory.fill(counts, 0, COLUMNS << 2);
    for (let i = slice; i < args.N; i += SLICES) {
      const magnitude = load<u32>(args.values + (<usize>i << 2)) & 0x7fffffff;
      const kept = <u32>i32x4.extract_lane(rounded(i32x4.splat(magnitude), args.format), 0);
      if (magnitude == 0) count(counts, 0);
      else if (kept == 0) count(counts, 1);
      if (magnitude >= INFINITE) count(counts, 3);
      else if (kept >= INFINITE) count(counts, 2);
      if (magnitude > 0 && magnitude < INFINITE) count(counts, FATES + octaveOf(magnitude));
    }
  }
}

@inline
function count(counts: usize, column: u32): void {
  const at = counts + (<usize>column << 2);
  store<u32>(at, load<u32>(at) + 1);
}

@inline
function octaveOf(magnitude: u32): u32 {
  return max(LEAST_OCTAVE, min(LAST_OCTAVE, magnitude >> 23)) - LEAST_OCTAVE;
}
