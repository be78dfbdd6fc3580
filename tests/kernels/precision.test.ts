import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice } from "../../src/devices/webgpu/device.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Program } from "../../src/engine/graph/program.ts";
import { createTensor, type Format, type Shape, type Tensor } from "../../src/engine/graph/tensor.ts";
import { linearBackwardWeight } from "../../src/engine/layers/linear.ts";
import { countRange, RANGE_COLUMNS, RANGE_SLICES } from "../../src/engine/precision/range.ts";
import { castingOf, castStored, formatNumber, roundStored } from "../../src/engine/precision/rounding.ts";
import { bfloatBits, bfloatValue, halfBits, halfValue } from "../../src/lib/half.ts";
import { binaryFormats, nearest } from "../reference/precision/rounding.ts";
import { deviceKinds, devices, expectNoError, requestTestAdapter } from "./devices.ts";
import { expectAgreement, type KernelCase } from "./harness.ts";
import { normals } from "./linearCases.ts";

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
const formats: readonly Format[] = ["f16", "bf16"];

/** The number that 16 bits stand for: sign, exponent, fraction. */
const meaning: Readonly<Record<Format, (word: number) => number>> = {
  f16(word) {
    const [exponent, fraction] = [(word >> 10) & 31, word & 1023];
    const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    const special = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    return (word >> 15 ? -1 : 1) * (exponent === 31 ? special : magnitude);
  },
  bf16: (word) => new Float32Array(Uint32Array.of(word << 16).buffer)[0],
};

/** All numbers of a format, ascending, without NaN. */
const numbersOf = (format: Format): readonly number[] =>
  Array.from({ length: 65_536 }, (_, word) => meaning[format](word))
    .filter((x) => !Number.isNaN(x))
    .sort((a, b) => a - b);

/** The next float32 in either direction, by its bits. */
function neighbours(x: number): readonly number[] {
  const [bits] = bitsOf(Float32Array.of(x));
  const around = Uint32Array.of(bits - 1, bits, bits + 1);
  return [...new Float32Array(around.buffer)].filter(Number.isFinite);
}

/** Every number of a format, every tie between two of them, the float32 next to each, and what no format holds. */
function hardCases(format: Format): Float32Array {
  const numbers = numbersOf(format);
  const finite = numbers.filter(Number.isFinite);
  const largest = finite.at(-1) ?? 0;
  const ties = finite.slice(1).map((x, index) => (x + finite[index]) / 2);
  // The tie between the largest number and the next power of two, from which on numbers are infinite
  const end = largest + (largest - (finite.at(-2) ?? 0)) / 2;
  const places = [...finite, ...ties, end, -end, 65_536, 3.4028234663852886e38, 2 ** -149, 2 ** -126, 1 / 3, Math.PI];
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
  return Float32Array.from([...places.flatMap(neighbours), ...special]);
}

/** The bits of values after a kernel of one input, in place or not. */
async function roundedOn(device: Device, format: Format, values: Float32Array): Promise<Uint32Array> {
  const tensor = createTensor({
    ...{ name: "values", shape: [values.length], type: "f32", role: "data", perReplica: false },
  });
  const constants = { N: values.length, format: formatNumber(format) };
  const program = {
    name: "round",
    calls: [{ kernel: roundStored, move: "forward", bindings: { values: tensor }, constants } as const],
  };
  const memory = planMemory([program], 1, new Set([tensor]));
  const machine = await device.load({ replicas: 1, memory, programs: { round: program }, tables: [] });
  machine.write(tensor, values);
  machine.run("round", 1);
  const bits = bitsOf(await machine.read(tensor));
  machine.dispose();
  return bits;
}

/** What a device that stores 16 bits makes of float32 numbers: as it stores them, and as it loads them again. */
async function storedOn(device: Device, format: Format, values: Float32Array) {
  const [count, plain] = [values.length, { type: "f32", role: "data", perReplica: true } as const];
  const halves = (name: string, shape: Shape): Tensor => createTensor({ ...plain, name, shape, type: format });
  const [source, one] = [createTensor({ ...plain, name: "source", shape: [count] }), halves("one", [1, 1])];
  const [stored, gradients] = [halves("stored", [1, count]), createTensor({ ...plain, name: "g", shape: [2 * count] })];
  // A weight's gradient is the sum, over one example, of its output's gradient times an input of 1
  const sizes = { B: 1, I: 1, O: count, weightAt: 0, biasAt: count, accumulate: 0 };
  const program: Program = {
    name: "store",
    calls: [
      ...castingOf(source, stored),
      {
        kernel: linearBackwardWeight,
        move: "backward",
        constants: sizes,
        bindings: { outputGrad: stored, input: one, gradients },
      },
    ],
  };
  const memory = planMemory([program], 1, new Set([source, stored, one, gradients]));
  const machine = await device.load({ replicas: 1, memory, programs: { store: program }, tables: [] });
  machine.write(source, values);
  machine.write(one, Float32Array.of(1));
  machine.run("store", 1);
  const [written, loaded] = [await machine.read(stored), await machine.read(gradients, { count })];
  machine.dispose();
  return { stored: written, loaded };
}

const cases = (count: number): readonly KernelCase[] =>
  formats.flatMap((format): readonly KernelCase[] => {
    const constants = { N: count, format: formatNumber(format) };
    const title = `${format}, ${count}`;
    return [
      { title, constants, kernel: roundStored, operands: { values: normals(1, [count]) } },
      {
        ...{ title, constants, kernel: castStored },
        operands: { source: { ...normals(2, [count]), isShared: true }, stored: { shape: [count] } },
      },
    ];
  });

/** Numbers of all sizes, among them those at the edges of octaves, of f16 and of float32. */
const sizes = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => {
    const special = [
      0,
      -0,
      65_519,
      65_520,
      -65_504,
      2 ** -25,
      2 ** -24,
      2 ** -26,
      3.4e38,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ];
    const size = (index % 2 ? -1 : 1) * (1 + (index % 7) / 7) * 2 ** ((index % 61) - 40);
    return special[index % 40] ?? size;
  });

const rangeCase = (count: number, format: Format): KernelCase => ({
  ...{ title: `${format}, ${count}`, kernel: countRange, constants: { N: count, format: formatNumber(format) } },
  operands: {
    values: { shape: [count], values: (replica) => sizes(count).map((x) => (replica === 1 ? x / 8 : x)) },
    counts: { shape: [RANGE_SLICES, RANGE_COLUMNS], type: "u32" },
  },
});

describe("the reference's rounding", () => {
  it.each(formats)(
    "leaves every number of %s as it is, and takes the nearer of two from anywhere between",
    (format) => {
      const numbers = numbersOf(format);
      const rounding = binaryFormats[formatNumber(format)];
      const finite = numbers.filter(Number.isFinite);
      expect(finite.length).toBe(format === "f16" ? 2 * 31 * 1024 : 2 * 255 * 128);
      const wrong = finite.filter((x, index) => {
        const above = finite[index + 1] ?? x;
        const [below, after] = [0.49, 0.51].map((part) => nearest(x + part * (above - x), rounding));
        return nearest(x, rounding) !== x || below !== x || after !== above;
      });
      expect(wrong).toEqual([]);
    },
  );
});

describe.each(deviceKinds)("rounding on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it.each(formats)(
    "to %s gives the reference's bits for all its numbers, all ties, and what is next to them",
    async (format) => {
      const values = hardCases(format);
      const rounding = binaryFormats[formatNumber(format)];
      const got = await roundedOn(device, format, values);
      const wrong: string[] = [];
      values.forEach((x, index) => {
        const [expected] = bitsOf(Float32Array.of(nearest(x, rounding)));
        const [isNan, wasNan] = [(got[index] & 0x7fffffff) > 0x7f800000, Number.isNaN(x)];
        if (wasNan ? !isNan : got[index] !== expected) wrong.push(`${x}: ${got[index].toString(16)}`);
      });
      expect(values.length).toBeGreaterThan(380_000);
      expect(wrong.slice(0, 10), `${wrong.length} differ`).toEqual([]);
    },
  );

  it.each(formats)("to %s gives every NaN the bits of a quiet one of its sign", async (format) => {
    const words = Uint32Array.of(0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff);
    const mask = format === "f16" ? 0xffffe000 : 0xffff0000;
    const expected = words.map((word) => ((word | 0x00400000) & mask) >>> 0);
    expect(await roundedOn(device, format, new Float32Array(words.buffer))).toEqual(expected);
  });

  it.each([1, 3, 64, 65, 1027])("rounds %i numbers of three replicas, and nothing around them", async (count) => {
    await expectAgreement(device, cases(count), 3);
  });

  it("counts what becomes 0, what becomes infinite, and the rest by octave", async () => {
    await expectAgreement(
      device,
      formats.flatMap((format) => [1, 15, 17, 1027].map((count) => rangeCase(count, format))),
      3,
    );
  });
});

/** Numbers of 16 bits on the host. */
const onHost: Readonly<Record<Format, { bits: (x: number) => number; value: (bits: number) => number }>> = {
  f16: { bits: halfBits, value: halfValue },
  bf16: { bits: bfloatBits, value: bfloatValue },
};

/** Float32 numbers below this may be taken for 0 by a GPU that computes with them. */
const LEAST_NORMAL = 2 ** -126;

describe.each(formats)("%s in memory", (format) => {
  const rounding = binaryFormats[formatNumber(format)];

  it("has the value and the bits that its definition says, on the host", () => {
    const { bits, value } = onHost[format];
    const words = Array.from({ length: 65_536 }, (_, word) => word);
    expect(words.filter((word) => !Object.is(value(word), meaning[format](word)))).toEqual([]);
    expect(words.filter((word) => !Number.isNaN(value(word)) && bits(value(word)) !== word)).toEqual([]);
    const wrong = [...hardCases(format)].filter((x) => !Object.is(value(bits(x)), nearest(x, rounding)));
    expect(wrong).toEqual([]);
  });

  it.each([{ packsHalf: true }, { packsHalf: false }])(
    "is stored as the reference rounds, and loaded as it was stored, on webgpu with %o",
    async (options) => {
      const device = await createWebGpuDevice(await requestTestAdapter(), options);
      expect(device.storesHalf).toBe(true);
      const values = hardCases(format).filter(Number.isFinite);
      const { stored, loaded } = await storedOn(device, format, values);
      await expectNoError(device);
      device.destroy();
      const expected = values.map((x) => nearest(x, rounding));
      const wrong = (got: Float32Array, isFair: (x: number) => boolean) =>
        [...values].filter((_, at) => isFair(expected[at]) && got[at] !== expected[at]).slice(0, 10);
      expect(wrong(stored, () => true)).toEqual([]);
      expect(wrong(loaded, (x) => x === 0 || Math.abs(x) >= LEAST_NORMAL)).toEqual([]);
    },
  );

  it.each([{ packsHalf: true }, { packsHalf: false }])(
    "keeps infinities and NaN, on webgpu with %o",
    async (options) => {
      const device = await createWebGpuDevice(await requestTestAdapter(), options);
      const special = [
        Number.POSITIVE_INFINITY,
        1,
        Number.NEGATIVE_INFINITY,
        Number.NaN,
        -1,
        3.4028234663852886e38,
        -0,
      ];
      const { stored, loaded } = await storedOn(device, format, Float32Array.from(special));
      await expectNoError(device);
      device.destroy();
      const expected = special.map((x) => nearest(x, rounding));
      expect([...stored]).toEqual(expected);
      expect([...loaded].map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
    },
  );
});
