import { keyOf, philox } from "./philox.ts";

/** What random numbers are for. Each stream is independent, so that changing one thing changes nothing else. */
export const streams = { data: 0, initialization: 1, order: 2, dropout: 3, augmentation: 4 } as const;

export type StreamName = keyof typeof streams;

/** A sequence that a seed and a stream determine. */
export interface Random {
  /** An integer in [0, 2^32). */
  uint32(): number;
  /** A number in [0, 1), a multiple of 2^-24 and therefore exact in float32. */
  uniform(): number;
  /** A number of the standard normal distribution, by Box and Muller (1958). Two of them consume two 32-bit words. */
  normal(): number;
  /**
   * An integer in [0, below), every one equally likely.
   *
   * @throws RangeError unless `below` is an integer in 1..2^32.
   */
  integer(below: number): number;
  /** Puts the elements into a uniformly random order, in place (Fisher and Yates). */
  shuffle(array: MutableArray): void;
}

/** Any array or typed array. */
export interface MutableArray {
  readonly length: number;
  [index: number]: unknown;
}

const UNIT = 2 ** -24;

/**
 * Starts a stream of random numbers. Block b of the stream is Philox at counter (b, stream, substream, 0), keyed by the
 * seed; it is good for 2^34 words.
 *
 * @param seed any safe integer; both 32-bit halves count.
 * @param substream a further independent sequence of the same stream, 0 unless told.
 * @throws RangeError when the seed is not a safe integer.
 */
export function createRandom(seed: number, stream: StreamName, substream = 0): Random {
  const key = keyOf(seed);
  const counter = Uint32Array.of(0, streams[stream], substream, 0);
  const block = new Uint32Array(4);
  let used = 4;
  let spare: number | undefined;

  const uint32 = (): number => {
    if (used === 4) {
      philox(counter, key, block);
      counter[0] = (counter[0] as number) + 1;
      used = 0;
    }
    return block[used++] as number;
  };
  const uniform = (): number => (uint32() >>> 8) * UNIT;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    // 1 - u lies in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const integer = (below: number): number => {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
      throw new RangeError(`integer below: got ${below}, expected an integer in 1..2^32. Give the number of outcomes.`);
    }
    // Words past the last whole multiple of `below` would favour small results.
    const limit = 2 ** 32 - (2 ** 32 % below);
    let word = uint32();
    while (word >= limit) word = uint32();
    return word % below;
  };
  const shuffle = (array: MutableArray): void => {
    for (let last = array.length - 1; last > 0; last--) {
      const chosen = integer(last + 1);
      const moved = array[last];
      array[last] = array[chosen];
      array[chosen] = moved;
    }
  };
  return { uint32, uniform, normal, integer, shuffle };
}
