import { expect, test } from "vitest";
import { layoutOf } from "../../src/bench/benchmark.ts";
import { layouts } from "../../src/bench/kinds.ts";
import type { MatmulOptions } from "../../src/bench/options.ts";
import { checkOptions } from "../../src/bench/options.ts";
import { createPaced } from "../../src/bench/paced.ts";
import { makeProblem } from "../../src/bench/problem.ts";
import { loadProduct } from "../../src/bench/product.ts";
import { createCpuDevice } from "../../src/devices/cpu/device.ts";
import type { Device } from "../../src/devices/device.ts";

const product: MatmulOptions = { kind: "matmul", m: 2, n: 3, k: 4, device: "cpu", precision: "f32", rounds: 1 };

test("a transposed factor gives the layout that is named after it", () => {
  expect(layoutOf(product)).toBe("NN");
  expect(layoutOf({ ...product, transposeB: true })).toBe("NT");
  expect(layoutOf({ ...product, transposeA: true })).toBe("TN");
});

/** A device that multiplies, but answers with `change` of what it got. */
async function deviceThat(change: (value: number) => number): Promise<Device> {
  const device = await createCpuDevice({ threads: 1 });
  return {
    ...device,
    load: async (plan) => {
      const machine = await device.load(plan);
      return {
        write: (...args) => machine.write(...args),
        run: (...args) => machine.run(...args),
        read: async (...args) => (await machine.read(...args)).map(change),
        dispose: () => machine.dispose(),
      };
    },
  };
}

test.each(layouts)("a right product %s is accepted, and a slightly wrong one is not", async (layout) => {
  const shape = { m: 5, n: 7, k: 33, layout };
  const right = await loadProduct(await deviceThat((value) => value), shape);
  await right.multiply(3);
  right.dispose();
  await expect(loadProduct(await deviceThat((value) => value * 1.001), shape)).rejects.toThrow(/multiplies wrongly/);
});

test("repetitions are neither lost nor made twice, however they are cut into submissions", async () => {
  const counts: number[] = [];
  const run = createPaced(8, async (count) => {
    counts.push(count);
    return counts.length;
  });
  const last = await run(100);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
  expect(Math.max(...counts)).toBeLessThanOrEqual(8);
  expect(last).toBe(counts.length);
});

test("the examples are the same in every call, and have every class", () => {
  const { inputs, targets } = makeProblem(5, 3, 200);
  expect(makeProblem(5, 3, 200)).toEqual({ inputs, targets });
  expect(inputs).toHaveLength(1000);
  expect(new Set(targets)).toEqual(new Set([0, 1, 2]));
  expect(Math.max(...inputs.map(Math.abs))).toBeLessThanOrEqual(1);
});

test("good options pass unchanged", () => {
  expect(checkOptions(product)).toEqual(product);
});
