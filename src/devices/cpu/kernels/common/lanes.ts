// Vectors of four numbers at the ragged end of a tensor. Nothing outside of the tensor is read or written: what lies
// behind it may belong to another one.

/** The first `count` of four numbers, up to all; the other lanes are 0. */
@inline
export function loadLanes(from: usize, count: u32): v128 {
  return count >= 4 ? v128.load(from) : loadFew(from, count);
}

/** Stores the first `count` of four lanes, up to all. */
@inline
export function storeLanes(to: usize, lanes: v128, count: u32): void {
  if (count >= 4) v128.store(to, lanes);
  else storeFew(to, lanes, count);
}

function loadFew(from: usize, count: u32): v128 {
  if (count == 0) return f32x4.splat(0);
  if (count == 1) return v128.load32_zero(from);
  const two = v128.load64_zero(from);
  return count == 2 ? two : v128.load32_lane(from, two, 2, 8);
}

function storeFew(to: usize, lanes: v128, count: u32): void {
  if (count == 1) v128.store32_lane(to, lanes, 0);
  if (count >= 2) v128.store64_lane(to, lanes, 0);
  if (count == 3) v128.store32_lane(to, lanes, 2, 8);
}

/** From here on the engine's own copy is faster, although it is a call out of WebAssembly. */
const LONG_ROW: u32 = 64;

/** Copies `count` numbers. */
export function copyNumbers(to: usize, from: usize, count: u32): void {
  if (count >= LONG_ROW) {
    memory.copy(to, from, <usize>count << 2);
    return;
  }
  for (let i: u32 = 0; i < count; i += 4) {
    const offset = <usize>i << 2;
    storeLanes(to + offset, loadLanes(from + offset, count - i), count - i);
  }
}

/** Writes `count` zeros. */
export function clearNumbers(to: usize, count: u32): void {
  memory.fill(to, 0, <usize>count << 2);
}
