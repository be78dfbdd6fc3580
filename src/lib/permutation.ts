import { keyOf, philox } from "./philox.ts";
import { streams } from "./random.ts";

const ROUNDS = 6;
const GOLDEN = 0x9e3779b9;

/** lowbias32, a bijective 32-bit hash: Wellons and TheIronBorn, https://github.com/skeeto/hash-prospector/issues/19. */
function mix32(value: number): number {
  let x = value ^ (value >>> 16);
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0xd35a2d97);
  return x ^ (x >>> 15);
}

/** Half the bits of the smallest square domain 2^(2 half) that holds n. */
function halfBits(n: number): number {
  const bits = Math.max(2, 32 - Math.clz32(n - 1));
  return (bits + 1) >>> 1;
}

/**
 * The order in which an epoch visits n examples, computed per index, without a table: a Feistel network over the
 * smallest domain 4^k >= n, walked along its cycle until the result is below n (Black and Rogaway, "Ciphers with
 * arbitrary finite domains", 2002). Fewer than 4 walks are expected. Equal to the bit to
 * shaders/common/permutation.wgsl and to devices/cpu/kernels/common/permutation.ts.
 *
 * @param n number of examples, 1..2^32 - 1.
 * @param epoch from 0; each has its own order.
 * @returns a bijection of [0, n): from position in the epoch to example.
 * @throws RangeError when n, the epoch or the seed is no such integer.
 */
export function createPermutation(n: number, epoch: number, seed: number): (index: number) => number {
  if (!Number.isInteger(n) || n < 1 || n >= 2 ** 32) {
    throw new RangeError(
      `permutation size: got ${n}, expected an integer in 1..2^32 - 1. Give the number of examples.`,
    );
  }
  if (!Number.isInteger(epoch) || epoch < 0 || epoch >= 2 ** 32) {
    throw new RangeError(`epoch: got ${epoch}, expected an integer in 0..2^32 - 1. Count epochs from 0.`);
  }
  const half = halfBits(n);
  const mask = 2 ** half - 1;
  const keys = Uint32Array.of(epoch, streams.order, 0, 0);
  philox(keys, keyOf(seed), keys);

  return (index) => {
    let x = index;
    do {
      let left = x >>> half;
      let right = x & mask;
      for (let round = 0; round < ROUNDS; round++) {
        const key = keys[round & 3] as number;
        const next = left ^ (mix32((right + key + Math.imul(round, GOLDEN)) | 0) & mask);
        left = right;
        right = next;
      }
      x = ((left << half) | right) >>> 0;
    } while (x >= n);
    return x;
  };
}
