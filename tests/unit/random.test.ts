import { describe, expect, it } from "vitest";
import { createPermutation } from "../../src/lib/permutation.ts";
import { keyOf, philox } from "../../src/lib/philox.ts";
import { createRandom, type StreamName, streams } from "../../src/lib/random.ts";
import { philoxAnswers } from "../fixtures/philox.ts";

/** Chi-square with `freedom` degrees of freedom has about this standard deviation around its mean `freedom`. */
const deviations = (chiSquare: number, freedom: number): number => (chiSquare - freedom) / Math.sqrt(2 * freedom);
/** A statistic further out than this has a chance below 1e-4, with some room for the skew of chi-square. */
const PLAUSIBLE = 4.5;

function chiSquareOf(counts: ArrayLike<number>, expected: number): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += (counts[i] - expected) ** 2 / expected;
  return sum;
}

describe("philox", () => {
  it.each(philoxAnswers)("gives Random123's known answer for counter $counter", ({ counter, key, block }) => {
    const out = new Uint32Array(4);
    philox(Uint32Array.from(counter), Uint32Array.from(key), out);
    expect([...out]).toEqual(block);
  });

  it("may write over its own counter", () => {
    const apart = new Uint32Array(4);
    const counter = Uint32Array.of(5, 6, 7, 8);
    philox(counter, keyOf(9), apart);
    philox(counter, keyOf(9), counter);
    expect(counter).toEqual(apart);
  });

  it("has a key for every safe integer, and both halves of it count", () => {
    const keys = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER].map((seed) =>
      keyOf(seed).join(),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(() => keyOf(0.5)).toThrow(/seed: got 0.5/);
    expect(() => keyOf(2 ** 53)).toThrow(RangeError);
  });
});

describe("createRandom", () => {
  const words = (seed: number, stream: StreamName, substream?: number): string => {
    const random = createRandom(seed, stream, substream);
    return Array.from({ length: 9 }, () => random.uint32()).join();
  };

  it("repeats for the same seed, stream and substream, and differs when any one of them differs", () => {
    expect(words(7, "data", 1)).toBe(words(7, "data", 1));
    const names = Object.keys(streams) as StreamName[];
    const sequences = [
      ...names.map((name) => words(7, name)),
      words(8, "data"),
      words(7 + 2 ** 32, "data"),
      words(7, "data", 1),
    ];
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  it("takes the words of its blocks in order", () => {
    const random = createRandom(3, "dropout", 4);
    const expected = [0, 1].flatMap((block) => {
      const out = new Uint32Array(4);
      philox(Uint32Array.of(block, streams.dropout, 4, 0), keyOf(3), out);
      return [...out];
    });
    expect(Array.from({ length: 8 }, () => random.uint32())).toEqual(expected);
  });

  it("spreads uniform numbers evenly over [0, 1), exactly representable in float32", () => {
    const random = createRandom(1, "data");
    const counts = new Uint32Array(64);
    const draws = 64_000;
    let strays = 0;
    for (let i = 0; i < draws; i++) {
      const u = random.uniform();
      if (!(u >= 0 && u < 1 && Math.fround(u) === u)) strays++;
      counts[Math.floor(u * counts.length)]++;
    }
    expect(strays).toBe(0);
    expect(Math.abs(deviations(chiSquareOf(counts, draws / 64), 63))).toBeLessThan(PLAUSIBLE);
  });

  it("draws normal numbers with mean 0, variance 1 and kurtosis 3", () => {
    const random = createRandom(2, "initialization");
    const draws = 100_000;
    let [first, second, fourth] = [0, 0, 0];
    for (let i = 0; i < draws; i++) {
      const z = random.normal();
      first += z / draws;
      second += z ** 2 / draws;
      fourth += z ** 4 / draws;
    }
    // Standard deviations of the sample moments of a normal: 1, sqrt(2) and sqrt(96), over sqrt(draws).
    expect(Math.abs(first)).toBeLessThan(PLAUSIBLE * Math.sqrt(1 / draws));
    expect(Math.abs(second - 1)).toBeLessThan(PLAUSIBLE * Math.sqrt(2 / draws));
    expect(Math.abs(fourth - 3)).toBeLessThan(PLAUSIBLE * Math.sqrt(96 / draws));
  });

  it("draws every integer below the bound equally often, and refuses a bound that is none", () => {
    const random = createRandom(5, "data");
    const counts = new Uint32Array(7);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
    expect(Math.abs(deviations(chiSquareOf(counts, 10_000), 6))).toBeLessThan(PLAUSIBLE);
    // 3·2^30 of 2^32: a plain remainder would give the lowest third of the results twice as often as the others.
    const thirds = new Uint32Array(3);
    for (let i = 0; i < 30_000; i++) thirds[Math.floor(random.integer(3 * 2 ** 30) / 2 ** 30)]++;
    expect(Math.abs(deviations(chiSquareOf(thirds, 10_000), 2))).toBeLessThan(PLAUSIBLE);
    for (const bound of [0, -1, 1.5, 2 ** 33, Number.NaN]) expect(() => random.integer(bound)).toThrow(RangeError);
  });

  it("shuffles every element into every place equally often", () => {
    const random = createRandom(6, "data");
    const counts = new Uint32Array(25);
    const rounds = 25_000;
    for (let round = 0; round < rounds; round++) {
      const array = [0, 1, 2, 3, 4];
      random.shuffle(array);
      if (new Set(array).size !== 5) throw new Error(`an element got lost: ${array}`);
      for (const [place, value] of array.entries()) counts[5 * place + value]++;
    }
    // Rows and columns of the table have fixed sums: (5 - 1)^2 degrees of freedom, scaled by 5 / 4.
    expect(Math.abs(deviations((chiSquareOf(counts, rounds / 5) * 4) / 5, 16))).toBeLessThan(PLAUSIBLE);
  });
});

describe("createPermutation", () => {
  const order = (n: number, epoch: number, seed: number): number[] =>
    Array.from({ length: n }, (_, index) => createPermutation(n, epoch, seed)(index));

  function isBijection(n: number, epoch: number, seed: number): boolean {
    const permute = createPermutation(n, epoch, seed);
    const seen = new Uint8Array(n);
    for (let index = 0; index < n; index++) {
      const image = permute(index);
      if (!(image >= 0 && image < n) || seen[image] === 1) return false;
      seen[image] = 1;
    }
    return true;
  }

  it("visits each of 1 to 300 examples exactly once", () => {
    for (let n = 1; n <= 300; n++) expect(isBijection(n, n % 5, 11), `n = ${n}`).toBe(true);
  });

  it.each([1023, 1024, 1025, 65_536, 65_537, 300_001])("visits each of %i examples exactly once", (n) => {
    expect(isBijection(n, 3, -4)).toBe(true);
  });

  it("stays in range for the largest sizes", () => {
    for (const n of [2 ** 30, 2 ** 31 + 1, 2 ** 32 - 1]) {
      const permute = createPermutation(n, 0, 1);
      const images = [0, 1, 2, n - 2, n - 1].map(permute);
      expect(images.every((image) => Number.isInteger(image) && image >= 0 && image < n)).toBe(true);
      expect(new Set(images).size).toBe(images.length);
    }
  });

  it("keeps the order that earlier versions gave, so that saved runs can be repeated", () => {
    expect(order(12, 3, 2 ** 32 + 7)).toEqual([1, 8, 10, 5, 11, 0, 2, 6, 9, 4, 3, 7]);
  });

  it("differs from epoch to epoch and from seed to seed", () => {
    const orders = [order(50, 0, 1), order(50, 1, 1), order(50, 2, 1), order(50, 0, 2), order(50, 0, 1 + 2 ** 32)];
    expect(new Set(orders.map(String)).size).toBe(orders.length);
  });

  it.each([2, 3, 7, 16, 20, 64])("puts each of %i examples at each place equally often over the epochs", (n) => {
    const epochs = 400 * n;
    const counts = new Uint32Array(n * n);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const permute = createPermutation(n, epoch, 42);
      for (let index = 0; index < n; index++) counts[n * index + permute(index)]++;
    }
    const chiSquare = (chiSquareOf(counts, epochs / n) * (n - 1)) / n;
    expect(Math.abs(deviations(chiSquare, (n - 1) ** 2))).toBeLessThan(PLAUSIBLE);
  });

  it("does not keep neighbours together", () => {
    const n = 1000;
    let together = 0;
    const epochs = 200;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const permute = createPermutation(n, epoch, 9);
      for (let index = 1; index < n; index++) if (Math.abs(permute(index) - permute(index - 1)) === 1) together++;
    }
    // A random order has 2 (n - 1) / n adjacent neighbours on average, with about the same variance (Poisson).
    const expected = (2 * (n - 1) * epochs) / n;
    expect(Math.abs(together - expected) / Math.sqrt(expected)).toBeLessThan(PLAUSIBLE);
  });

  it("refuses sizes, epochs and seeds that are none", () => {
    expect(() => createPermutation(0, 0, 0)).toThrow(/permutation size: got 0/);
    expect(() => createPermutation(2.5, 0, 0)).toThrow(RangeError);
    expect(() => createPermutation(3, -1, 0)).toThrow(/epoch: got -1/);
    expect(() => createPermutation(3, 0, Number.NaN)).toThrow(/seed: got NaN/);
  });
});
