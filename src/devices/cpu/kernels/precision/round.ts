// Storage in half precision, emulated in float32; see shaders/precision/round.wgsl.

import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { rounded } from "./rounding";

@unmanaged
export class RoundStored {
  replica: u32;
  values: usize;
  N: u32;
  format: u32;
}

@unmanaged
export class CastStored {
  replica: u32;
  source: usize;
  stored: usize;
  N: u32;
  format: u32;
}

/** A part owns elements. */
export function roundStored(args: RoundStored, part: u32, parts: u32): void {
  const first = lineShareStart(args.N, part, parts);
  const end = lineShareStart(args.N, part + 1, parts);
  roundNumbers(args.values, args.values, first, end, args.format);
}

/** A part owns elements. */
export function castStored(args: CastStored, part: u32, parts: u32): void {
  const first = lineShareStart(args.N, part, parts);
  const end = lineShareStart(args.N, part + 1, parts);
  roundNumbers(args.stored, args.source, first, end, args.format);
}

/** Writes numbers `first` to `end` of `from`, rounded, to the same places of `to`. */
function roundNumbers(to: usize, from: usize, first: u32, end: u32, format: u32): void {
  for (let i = first; i < end; i += 4) {
    const offset = <usize>i << 2;
    storeLanes(to + offset, rounded(loadLanes(from + offset, end - i), format), end - i);
  }
}
