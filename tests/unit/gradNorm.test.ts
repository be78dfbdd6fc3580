import { describe, expect, it } from "vitest";
import { foldsOf, gradNormLanes, type Lanes } from "../../src/engine/gradNorm.ts";
import { layArena, type ParameterSpec } from "../../src/engine/parameters.ts";

const specsOf = (sizes: readonly number[]) =>
  sizes.map((size, index): ParameterSpec => ({ name: `p${index}`, shape: [size], fanIn: 1, fanOut: 1 }));

const slicesOf = (sizes: readonly number[]) => [...layArena(specsOf(sizes), "gradients", "gradients").slices.values()];

/** How often each of `total` numbers belongs to a row of the tensor. */
function owners({ lanes, laneEnds }: Lanes, tensor: number, total: number): Uint8Array {
  const times = new Uint8Array(total);
  for (let lane = laneEnds[tensor - 1] ?? 0; lane < (laneEnds[tensor] ?? 0); lane++) {
    const [start = 0, end = 0, stride = 0] = lanes.subarray(3 * lane, 3 * lane + 3);
    for (let at = start; at < end; at += stride) times[at] = (times[at] ?? 0) + 1;
  }
  return times;
}

const rangeOf = (times: Uint8Array) => ({
  most: times.reduce((a, b) => Math.max(a, b), 0),
  first: times.indexOf(1),
  count: times.reduce((a, b) => a + b, 0),
});

describe("lanes of the gradient norm", () => {
  it.each([
    { sizes: [32, 16, 256, 16, 32, 2] },
    { sizes: [200_704, 256, 32_768, 128, 1280, 10] },
    { sizes: [1, 4095, 4096, 4097, 1_100_000] },
  ])("have each number of their tensor once: $sizes", ({ sizes }) => {
    const slices = slicesOf(sizes);
    const table = gradNormLanes(slices);
    slices.forEach(({ slice }, tensor) => {
      const start = slice?.offset ?? 0;
      const times = owners(table, tensor, start + (sizes[tensor] ?? 0) + 64);
      expect(rangeOf(times)).toEqual({ most: 1, first: start, count: sizes[tensor] });
    });
  });

  it("are bounded in number, and in length where they can be", () => {
    const { count } = gradNormLanes(slicesOf([4096 * 4096]));
    expect(count).toBe(256 * 64);
    expect(gradNormLanes(slicesOf([4096 * 10])).count).toBe(10 * 64);
  });
});

describe("folds", () => {
  it("are none where a network is small", () => {
    expect(foldsOf(gradNormLanes(slicesOf([32, 16, 256, 16, 32, 2])))).toEqual([]);
    expect(foldsOf(gradNormLanes(slicesOf(new Array(1000).fill(1))))).toEqual([]);
  });

  it.each([
    { sizes: [200_704, 256, 32_768, 128, 1280, 10], levels: 1 },
    { sizes: [1024 * 784, 1024, 1024 * 1024, 1024, 10_240, 10], levels: 2 },
  ])("have each lane of their tensor once, and leave few: $sizes", ({ sizes, levels }) => {
    let before = gradNormLanes(slicesOf(sizes));
    const folds = foldsOf(before);
    expect(folds).toHaveLength(levels);
    for (const table of folds) {
      sizes.forEach((_, tensor) => {
        const [start = 0, end = 0] = [before.laneEnds[tensor - 1] ?? 0, before.laneEnds[tensor]];
        expect(rangeOf(owners(table, tensor, before.count))).toEqual({ most: 1, first: start, count: end - start });
      });
      before = table;
    }
    expect(before.count).toBeLessThanOrEqual(128);
  });
});
