import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import { createTensor, elements, type Shape } from "../../src/engine/graph/tensor.ts";
import { exactMatmul, frobenius, matmul } from "../../src/engine/matmul.ts";
import { createRandom } from "../../src/lib/random.ts";
import { noteErrors } from "./accuracy.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { linearSizes } from "./sizes.ts";
import { sumBound, UNIT_ROUNDOFF } from "./tolerances.ts";

const ALPHA = 0.75;
const BETA = -1.5;

interface MatmulOptions {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly transposed: 0 | 1;
  readonly seed: number;
}

/** result = α left right + β addend, with the third step's scalars, of which α is the second and β the first. */
function matmulCase({ rows, columns, depth, transposed, seed }: MatmulOptions, scales: boolean): KernelCase {
  const [alphaAt, betaAt] = scales ? [2, 1] : [0, 0];
  const row = [BETA, ALPHA, Number.NaN];
  return {
    title: `${rows} x ${columns} x ${depth}, transposed ${transposed}, scaled ${scales}`,
    kernel: matmul,
    constants: { rows, columns, depth, transposed, alphaAt, betaAt, S: 3, R: 3 },
    operands: {
      left: normals(seed, [rows, depth]),
      right: normals(seed + 1, transposed === 1 ? [columns, depth] : [depth, columns]),
      addend: normals(seed + 2, [rows, columns]),
      clock: { shape: [2], type: "u32", values: () => [0, 2] },
      scalars: {
        shape: [3, 3, 3],
        isShared: true,
        values: () => [...new Array(18).fill(Number.NaN), ...row, ...row, ...row],
      },
      result: { shape: [rows, columns] },
    },
    bounds: ({ before: { left, right, addend } }) => ({
      result: Float64Array.from({ length: rows * columns }, (_, at) => {
        const [i, j] = [Math.floor(at / columns), at % columns];
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          sum += Math.abs(left[i * depth + k] * right[transposed === 1 ? j * depth + k : k * columns + j]);
        }
        return sumBound(depth + 2, scales ? ALPHA * sum - BETA * Math.abs(addend[at]) : sum);
      }),
    }),
  };
}

/** Sums of squares of n numbers in any order, and a square root at 2.5 ULP. */
const normCase = (count: number, seed: number): KernelCase => ({
  title: `count ${count}`,
  kernel: frobenius,
  constants: { count },
  operands: { input: normals(seed, [count]), norm: { shape: [1] } },
  bounds: ({ after }) => ({ norm: [sumBound(count + 3, after.norm[0])] }),
});

/** A number with twice the digits of float32, as a pair; both have random last bits. */
function randomPairs(seed: number, shape: Shape) {
  const random = createRandom(seed, "data");
  const values = Float64Array.from({ length: elements(shape) }, () => random.normal() + 2 ** -26 * random.normal());
  const high = Float32Array.from(values);
  const planes = new Float32Array(2 * values.length);
  planes.set(high);
  planes.set(
    values.map((value, index) => value - high[index]),
    values.length,
  );
  return { planes, values: values.map((_, index) => planes[index] + planes[values.length + index]) };
}

/** Products of pairs on a device; a gate of 0 lets none happen. */
async function exactProduct(device: Device, options: { shape: readonly number[]; accumulate: 0 | 1; gate: number }) {
  const { shape, accumulate, gate } = options;
  const [rows, columns, depth] = shape;
  const [left, right, sum] = [
    randomPairs(1, [rows, depth]),
    randomPairs(2, [depth, columns]),
    randomPairs(3, [rows, columns]),
  ];
  const tensor = (name: string, size: Shape) =>
    createTensor({ name, shape: size, type: "f32", role: "optimizer", perReplica: true });
  const bindings = {
    left: tensor("left", [2, rows, depth]),
    right: tensor("right", [2, depth, columns]),
    gate: tensor("gate", [8]),
    result: tensor("result", [2, rows, columns]),
  };
  const constants = { rows, columns, depth, accumulate };
  const program = { name: "multiply", calls: [{ kernel: exactMatmul, move: "update", bindings, constants } as const] };
  const memory = planMemory([program], 1, new Set(Object.values(bindings)));
  const machine = await device.load({ replicas: 1, memory, programs: { multiply: program }, tables: [] });
  machine.write(bindings.left, left.planes);
  machine.write(bindings.right, right.planes);
  machine.write(bindings.result, sum.planes);
  machine.write(bindings.gate, Float32Array.of(gate, 0, 0, 0, 0, 0, 0, 0));
  machine.run("multiply", 1);
  const got = await machine.read(bindings.result);
  machine.dispose();
  const count = rows * columns;
  const result = Float64Array.from({ length: count }, (_, at) => got[at] + got[count + at]);
  return { result, left: left.values, right: right.values, sum: sum.values };
}

/**
 * Ogita, Rump and Oishi 2005, Proposition 4.3: a sum of n products in twice the precision has an error of u |result| for
 * the last rounding, here of the low part, u², and gamma_n² sum |a||b|, with u = 2^-24 to nearest. Taken apart into pairs,
 * each factor adds what the product of two low parts leaves out, u².
 */
const exactBound = (n: number, absoluteSum: number): number => (n + 8) ** 2 * (UNIT_ROUNDOFF / 2) ** 2 * absoluteSum;

describe.each(deviceKinds)("matrix products on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it("in float32 agree with float64 over awkward sizes, transposed or not, scaled or not", async () => {
    const cases = linearSizes.map(({ B, I, O }, turn) =>
      matmulCase({ rows: B, depth: I, columns: O, transposed: turn % 2 === 0 ? 0 : 1, seed: turn }, turn % 4 < 2),
    );
    await expectAgreement(device, cases, 3);
  });

  it("have the norms of float64 over awkward sizes", async () => {
    await expectAgreement(
      device,
      [1, 2, 255, 256, 257, 1025].map((count, seed) => normCase(count, seed)),
      3,
    );
  });

  it.each([
    [1, 1, 1],
    [5, 3, 7],
    [33, 65, 127],
    [4, 129, 1025],
  ])("of pairs have about 45 bits: %i x %i, sums of %i", async (rows, columns, depth) => {
    for (const accumulate of [0, 1] as const) {
      const shape = [rows, columns, depth];
      const { result, left, right, sum } = await exactProduct(device, { shape, accumulate, gate: 1 });
      const expected = sum.map((start) => accumulate * start);
      const bounds = expected.map((start, at) => {
        const [i, j] = [Math.floor(at / columns), at % columns];
        let absolute = Math.abs(start);
        for (let k = 0; k < depth; k++) {
          expected[at] += left[i * depth + k] * right[k * columns + j];
          absolute += Math.abs(left[i * depth + k] * right[k * columns + j]);
        }
        return exactBound(depth, absolute);
      });
      result.forEach((got, at) => {
        expect(Math.abs(got - expected[at])).toBeLessThan(bounds[at]);
      });
      noteErrors({ device: device.kind, kernel: exactMatmul.name, expected, got: result, bounds });
    }
  });

  it("of pairs leave everything as it is behind a closed gate", async () => {
    const { result, sum } = await exactProduct(device, { shape: [5, 3, 7], accumulate: 0, gate: 0 });
    expect(result).toEqual(sum);
  });
});
