import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice } from "../../src/devices/webgpu/device.ts";
import { plainVariant } from "../../src/devices/webgpu/linker.ts";
import { fixedChooser } from "../../src/devices/webgpu/tuner.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Call } from "../../src/engine/graph/program.ts";
import {
  createTensor,
  elements,
  type Format,
  type Shape,
  sliceOf,
  type Tensor,
} from "../../src/engine/graph/tensor.ts";
import { linearForward } from "../../src/engine/layers/linear.ts";
import { formatNumber, withRounding } from "../../src/engine/precision/rounding.ts";
import { type Storage, storageOf } from "../../src/engine/precision/storage.ts";
import { engineKernels } from "../fixtures/engineKernels.ts";
import { binaryFormats, nearest } from "../reference/precision/rounding.ts";
import { devices, expectNoError, requestTestAdapter } from "./devices.ts";
import type { KernelCase, Operand } from "./harness.ts";
import { exactCases, productCases, roundedCases, storedBindings, variantSizes, wholes } from "./storedCases.ts";

const formats: readonly Format[] = ["f16", "bf16"];
const REPLICAS = 3;
/** Numbers before and after each tensor; an odd number after it, so that a neighbour's half shares its last word. */
const [BEFORE, AFTER] = [128, 5];

interface Placed {
  readonly operand: Operand;
  readonly root: Tensor;
  readonly tensor: Tensor;
}

function placed(name: string, operand: Operand, storage: Partial<Storage>): Placed {
  const { shape, type = "f32", isShared = false } = operand;
  const size: Shape = [BEFORE + elements(shape) + AFTER];
  const root = createTensor({ name, shape: size, type, role: "data", perReplica: !isShared, ...storage });
  return { operand, root, tensor: sliceOf(root, `${name} slice`, shape, BEFORE) };
}

/** What the memory holds before the call: numbers that the format has, also around the tensor. */
function contents({ operand, root }: Placed, replica: number, format: Format | undefined) {
  const all = operand.type === "u32" ? new Uint32Array(elements(root.shape)) : new Float32Array(elements(root.shape));
  all.fill(5);
  all.set(operand.values?.(replica) ?? [], BEFORE);
  return format === undefined ? all : all.map((x) => nearest(x, binaryFormats[formatNumber(format)]));
}

/** All that the cases' calls leave in memory, by case, binding and replica, with numbers stored one way or another. */
async function memoryAfter(device: Device, cases: readonly KernelCase[], format: Format, storesHalf: boolean) {
  const storage = storageOf(format, storesHalf);
  const all = cases.map((test, index) => {
    const halves = storedBindings(test.kernel);
    const operands = Object.entries(test.operands).map(([name, operand]) => {
      const isHalf = halves.includes(name);
      return { name, isHalf, ...placed(`${index}.${name}`, operand, isHalf ? storage : {}) };
    });
    const { kernel, constants, activation } = test;
    const bindings = Object.fromEntries(operands.map(({ name, tensor }) => [name, tensor]));
    const call: Call = {
      ...{ kernel, move: "forward", bindings, constants },
      ...(activation === undefined ? {} : { activation }),
    };
    return { test, operands, call };
  });
  const program = { name: "cases", calls: withRounding(all.map(({ call }) => call)) };
  const roots = new Set(all.flatMap(({ operands }) => operands.map(({ root }) => root)));
  const memory = planMemory([program], REPLICAS, roots);
  const machine = await device.load({ replicas: REPLICAS, memory, programs: { cases: program }, tables: [] });
  const copies = all.flatMap(({ test, operands }) =>
    operands.flatMap((operand) =>
      Array.from({ length: operand.root.perReplica ? REPLICAS : 1 }, (_, replica) => ({ test, operand, replica })),
    ),
  );
  for (const { operand, replica } of copies) {
    machine.write(operand.root, contents(operand, replica, operand.isHalf ? format : undefined), { replica });
  }
  machine.run("cases", 1);
  const left = new Map<string, readonly number[]>();
  for (const [index, { test, operand, replica }] of copies.entries()) {
    const where = `${index} ${test.kernel.name} ${test.title}: ${operand.name}, replica ${replica}`;
    left.set(where, [...(await machine.read(operand.root, { replica }))]);
  }
  machine.dispose();
  return left;
}

/** Where two memories differ, as texts; NaN is itself, and -0 is not 0. */
function differences(expected: ReadonlyMap<string, readonly number[]>, got: ReadonlyMap<string, readonly number[]>) {
  expect([...got.keys()]).toEqual([...expected.keys()]);
  return [...expected].flatMap(([where, values]) => {
    const others = got.get(where) ?? [];
    const at = values.findIndex((value, index) => !Object.is(value, others[index]));
    return at < 0 ? [] : [`${where} [${at - BEFORE}]: got ${others[at]}, expected ${values[at]}`];
  });
}

describe("two numbers in a word, on webgpu", () => {
  let packing: Device;
  let cpu: Device;
  const opened: Device[] = [];
  beforeAll(async () => {
    packing = await createWebGpuDevice(await requestTestAdapter(), { packsHalf: true });
    cpu = await devices.cpu();
    opened.push(packing);
  });
  afterEach(() => Promise.all(opened.map(expectNoError)));
  afterAll(() => {
    for (const device of [...opened, cpu]) device.destroy();
  });

  it("have cases for every kernel that leaves open how numbers are stored", () => {
    const open = engineKernels.filter((kernel) => storedBindings(kernel).length > 0).map(({ name }) => name);
    const tested = [...exactCases("f16"), ...roundedCases].map(({ kernel }) => kernel.name);
    expect([...new Set(tested)].sort()).toEqual(open.sort());
    expect(open.length).toBeGreaterThanOrEqual(14);
  });

  it.each(formats)("of %s are the bits of the CPU's emulation where sums are exact", async (format) => {
    const emulated = await memoryAfter(cpu, exactCases(format), format, false);
    expect([...emulated.values()].some((values) => values.some((x) => x > 2 ** 12))).toBe(true);
    expect(differences(emulated, await memoryAfter(packing, exactCases(format), format, true))).toEqual([]);
  });

  it.each(formats)(
    "of %s are the bits of float32 that is rounded after each call, where they are not",
    async (format) => {
      const emulated = await memoryAfter(packing, roundedCases, format, false);
      expect(differences(emulated, await memoryAfter(packing, roundedCases, format, true))).toEqual([]);
    },
  );

  // Either format will do: they differ in two functions that all accesses call. So will forward passes that save more
  it.each([
    ["quad", "bf16"],
    ["direct", "f16"],
    ["tiled 64", "f16"],
    ["split", "bf16"],
  ] as const)("are the bits of the CPU's emulation in the variant %s, of %s", async (name, format) => {
    const variantOf = ({ kernel, constants }: Pick<Call, "kernel" | "constants">) =>
      kernel.variants?.others.find((variant) => variant.name === name && variant.fits(constants));
    const cases = productCases(variantSizes[name], wholes).filter(
      (test) => test.kernel !== linearForward && variantOf(test) !== undefined,
    );
    expect(cases.length).toBe(name === "split" ? 1 : 3);
    const chooser = () => fixedChooser((call) => variantOf(call) ?? plainVariant(call.kernel));
    const device = await createWebGpuDevice(await requestTestAdapter(), { packsHalf: true, chooser });
    opened.push(device);
    const emulated = await memoryAfter(cpu, cases, format, false);
    expect(differences(emulated, await memoryAfter(device, cases, format, true))).toEqual([]);
  });
});
