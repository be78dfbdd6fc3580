// The order of an epoch, per index: a cycle-walking Feistel network over the smallest domain 4^k >= n
// (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002). Equal to the bit to src/lib/permutation.ts.

import { philox } from "./philox";

/** The id of the stream of random numbers for the order of batches, as in src/lib/random.ts. */
const ORDER_STREAM: u32 = 2;

/** lowbias32, a bijective 32-bit hash: https://github.com/skeeto/hash-prospector/issues/19 */
function mix32(value: u32): u32 {
  let x = value ^ (value >> 16);
  x *= 0x21f0aaad;
  x ^= x >> 15;
  x *= 0xd35a2d97;
  return x ^ (x >> 15);
}

/** Writes the four round keys of an epoch to `out`. */
export function permutationKeys(epoch: u32, seedLow: u32, seedHigh: u32, out: usize): void {
  philox(epoch, ORDER_STREAM, 0, 0, seedLow, seedHigh, out);
}

/** Position in the epoch -> example: a bijection of [0, n), for n >= 1 and index < n; `keys`: four words. */
export function permute(index: u32, n: u32, keys: usize): u32 {
  const bits: u32 = max<u32>(2, 32 - clz<u32>(n - 1));
  const half: u32 = (bits + 1) >> 1;
  const mask: u32 = (1 << half) - 1;
  let x = index;
  do {
    let left = x >> half;
    let right = x & mask;
    for (let round: u32 = 0; round < 6; round++) {
      const key = load<u32>(keys + ((<usize>round & 3) << 2));
      const next = left ^ (mix32(right + key + round * 0x9e3779b9) & mask);
      left = right;
      right = next;
    }
    x = (left << half) | right;
  } while (x >= n);
  return x;
}
