/**
 * Philox4x32-10, a counter-based random number generator: a keyed bijection of 128-bit counters, so any number of any
 * stream is computed on its own, in any order, on any device. Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3" (SC 2011), https://doi.org/10.1145/2063384.2063405. Equal to the bit to
 * shaders/common/philox.wgsl and to devices/cpu/kernels/common/philox.ts.
 */

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit numbers; every partial sum stays below 2^32. */
function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carried = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (carried >>> 16);
}

/**
 * Writes the block that `counter` and `key` name into `out`, without allocating.
 *
 * @param counter four 32-bit words; may be `out` itself.
 * @param key two 32-bit words.
 * @param out four 32-bit words, overwritten.
 */
export function philox(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void {
  let c0 = counter[0] as number;
  let c1 = counter[1] as number;
  let c2 = counter[2] as number;
  let c3 = counter[3] as number;
  let k0 = key[0] as number;
  let k1 = key[1] as number;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = mulHigh(MULTIPLIER_0, c0);
    const high1 = mulHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * The Philox key of a seed: its low and its high 32 bits, as two's complement.
 *
 * @throws RangeError when the seed is not a safe integer, because two such seeds could share a key.
 */
export function keyOf(seed: number): Uint32Array {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`seed: got ${seed}, expected an integer within ±(2^53 - 1). Use a whole number.`);
  }
  return Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
}
