// How the parts of a call share its work: each takes a run of units, in order. Two neighbours of twice as many parts
// have the same units together, which ../walk.ts relies on: its parts are of several sizes.

/** The first unit of a part; its last is just before the next part's first. */
export function shareStart(units: u32, part: u32, parts: u32): u32 {
  return <u32>((<u64>units * part) / parts);
}

/** As `shareStart`, in multiples of 16 elements: a cache line, so that two threads never write to the same one. */
export function lineShareStart(elements: u32, part: u32, parts: u32): u32 {
  return min(elements, shareStart((elements + 15) >> 4, part, parts) << 4);
}
