import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { addInputNoise, batchColumns, gatherBatch } from "../../src/engine/batch.ts";
import { CONTROL_SIZE, initialControl, uncontrolled } from "../../src/engine/control.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import { createTensor, elements, type Shape, type Tensor } from "../../src/engine/graph/tensor.ts";
import { keyOf } from "../../src/lib/philox.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase, type Operand } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { UNIT_ROUNDOFF } from "./tolerances.ts";

interface BatchOptions {
  readonly B: number;
  readonly N: number;
  readonly I: number;
  readonly T: number;
  /** The row of the step table without its step: first position, examples, epoch, shuffled. */
  readonly row: readonly [start: number, count: number, epoch: number, shuffled: number];
}

/** Full and short batches, in order and shuffled, one example, a first and a late epoch. */
const options: readonly BatchOptions[] = [
  { B: 1, N: 1, I: 1, T: 1, row: [0, 1, 0, 1] },
  { B: 7, N: 33, I: 2, T: 1, row: [7, 7, 0, 0] },
  { B: 7, N: 33, I: 2, T: 1, row: [28, 5, 3, 1] },
  { B: 31, N: 129, I: 3, T: 2, row: [93, 31, 1, 1] },
  { B: 65, N: 257, I: 31, T: 1, row: [195, 62, 70_000, 1] },
  { B: 257, N: 257, I: 1, T: 3, row: [0, 257, 2, 1] },
  { B: 33, N: 1025, I: 2, T: 1, row: [1023, 2, 0, 0] },
];

const seedOf = (replica: number): number => 2 ** 40 * replica - 12_345 + replica;

const shared = (operand: Operand): Operand => ({ ...operand, isShared: true });

function gatherCase({ B, N, I, T, row }: BatchOptions, turn: number): KernelCase {
  return {
    title: `B ${B}, N ${N}, I ${I}, T ${T}, row ${row}`,
    kernel: gatherBatch,
    constants: { B, N, I, T, M: 2, micro: 1 },
    operands: {
      inputs: shared(normals(turn, [N, I])),
      targets: shared(normals(turn + 1, [N, T])),
      orderKey: { shape: [2], type: "u32", values: (replica) => keyOf(seedOf(replica)) },
      batchInputs: { shape: [B, I] },
      batchTargets: { shape: [B, T] },
      clock: { shape: [2], type: "u32", values: () => [1, 0] },
      batches: batchesOf(row),
    },
  };
}

/** The table of two steps of two batches each, whose last is `row`; any other would give other numbers. */
const batchesOf = (row: BatchOptions["row"]): Operand => ({
  shape: [4, batchColumns.length],
  type: "u32",
  isShared: true,
  values: () => [...new Array(3).fill([0, 1, 9, 0, 5]).flat(), ...row, 6],
});

const NOISE = 0.3;

/**
 * Roundings of a normal number n = r (cos a, sin a): the angle is rounded twice (2 pi of them each), sine and cosine are
 * good for 4, the logarithm and the root give the radius 4, their product 1; r is at most sqrt(48 ln 2), because 1 - u is
 * at least 2^-24. Then the product with the deviation, and the sum.
 */
const NORMAL_BOUND = Math.sqrt(48 * Math.LN2) * (4 * Math.PI + 9) * UNIT_ROUNDOFF;

function noiseCase({ B, I, row }: BatchOptions, turn: number): KernelCase {
  const control = initialControl({ ...uncontrolled, inputNoise: NOISE });
  return {
    title: `noise, B ${B}, I ${I}, row ${row}`,
    kernel: addInputNoise,
    constants: { B, I, M: 2, micro: 1 },
    operands: {
      batchInputs: normals(turn, [B, I]),
      control: { shape: [CONTROL_SIZE], values: () => control },
      orderKey: { shape: [2], type: "u32", values: (replica) => keyOf(seedOf(replica)) },
      clock: { shape: [2], type: "u32", values: () => [1, 0] },
      batches: batchesOf(row),
    },
    bounds: ({ before, after }) => ({
      batchInputs: after.batchInputs.map((x, at) =>
        x === before.batchInputs[at] ? 0 : NOISE * NORMAL_BOUND + 2 * UNIT_ROUNDOFF * (Math.abs(x) + 2),
      ),
    }),
  };
}

/** The noise that the kernel adds to a batch of zeros, with a given seed and step. */
async function noiseOf(device: Device, { seed, step }: { seed: number; step: number }): Promise<Float32Array> {
  const [B, I] = [250, 8];
  const of = (name: string, shape: Shape, type: Tensor["type"]): Tensor =>
    createTensor({ name, shape, type, role: "tables", perReplica: true });
  const bindings = {
    batchInputs: of("batchInputs", [B, I], "f32"),
    control: of("control", [CONTROL_SIZE], "f32"),
    orderKey: of("orderKey", [2], "u32"),
    clock: of("clock", [2], "u32"),
    batches: of("batches", [1, batchColumns.length], "u32"),
  };
  const call = { kernel: addInputNoise, move: "forward", bindings, constants: { B, I, M: 1, micro: 0 } } as const;
  const program = { name: "noise", calls: [call] };
  const memory = planMemory([program], 1, new Set(Object.values(bindings)));
  const machine = await device.load({ replicas: 1, memory, programs: { noise: program }, tables: [] });
  machine.write(bindings.control, initialControl({ ...uncontrolled, inputNoise: 1 }));
  machine.write(bindings.orderKey, keyOf(seed));
  machine.write(bindings.batches, Uint32Array.of(0, B, 0, 0, step));
  machine.run("noise", 1);
  const noise = await machine.read(bindings.batchInputs);
  machine.dispose();
  return noise;
}

/** Gathers a whole epoch of N examples, whose inputs are their own numbers, and returns the batches in order. */
async function epochOf(device: Device, { N, B, epoch }: { N: number; B: number; epoch: number }): Promise<number[][]> {
  const words = (name: string, shape: Shape, perReplica: boolean): Tensor =>
    createTensor({ name, shape, type: "u32", role: "tables", perReplica });
  const numbers = (name: string, shape: Shape): Tensor =>
    createTensor({ name, shape, type: "f32", role: "data", perReplica: name.startsWith("batch") });
  const bindings = {
    inputs: numbers("inputs", [N, 1]),
    targets: numbers("targets", [N, 1]),
    orderKey: words("orderKey", [2], true),
    batchInputs: numbers("batchInputs", [B, 1]),
    batchTargets: numbers("batchTargets", [B, 1]),
    clock: words("clock", [2], true),
    batches: words("batches", [1, batchColumns.length], false),
  };
  const program = {
    name: "gather",
    calls: [
      { kernel: gatherBatch, move: "forward", bindings, constants: { B, N, I: 1, T: 1, M: 1, micro: 0 } } as const,
    ],
  };
  const memory = planMemory([program], 1, new Set(Object.values(bindings)));
  const machine = await device.load({ replicas: 1, memory, programs: { gather: program }, tables: [] });
  const examples = Float32Array.from({ length: elements([N]) }, (_, index) => index);
  machine.write(bindings.inputs, examples);
  machine.write(bindings.targets, examples);
  machine.write(bindings.orderKey, keyOf(77));
  const batches: number[][] = [];
  for (let start = 0; start < N; start += B) {
    const count = Math.min(B, N - start);
    machine.write(bindings.batches, Uint32Array.of(start, count, epoch, 1, 1));
    machine.run("gather", 1);
    const [inputs, targets] = [await machine.read(bindings.batchInputs), await machine.read(bindings.batchTargets)];
    expect(inputs).toEqual(targets);
    batches.push([...inputs.subarray(0, count)]);
  }
  machine.dispose();
  return batches;
}

describe.each(deviceKinds)("batches on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it("are those of the reference to the bit, for three replicas with different orders", async () => {
    await expectAgreement(device, options.map(gatherCase), 3);
  });

  it("get the noise of float64 within the roundings of a normal number, and none where they are padding", async () => {
    await expectAgreement(device, options.map(noiseCase), 3);
  });

  it("get noise of mean 0 and deviation 1, another for each step and each seed", async () => {
    const noise = await noiseOf(device, { seed: 3, step: 7 });
    const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
    const variance = noise.reduce((sum, x) => sum + x * x, 0) / noise.length;
    // Four standard errors of 2,000 draws
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(2000));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
    for (const other of [
      { seed: 3, step: 8 },
      { seed: 4, step: 7 },
    ]) {
      const differing = (await noiseOf(device, other)).filter((x, index) => x !== noise[index]);
      expect(differing.length).toBeGreaterThan(1990);
    }
  });

  it("visit every example exactly once in an epoch, and the next epoch in another order", async () => {
    const first = (await epochOf(device, { N: 65, B: 16, epoch: 0 })).flat();
    const second = (await epochOf(device, { N: 65, B: 16, epoch: 1 })).flat();
    const everyone = Array.from({ length: 65 }, (_, index) => index);
    expect(first.toSorted((a, b) => a - b)).toEqual(everyone);
    expect(second.toSorted((a, b) => a - b)).toEqual(everyone);
    expect(first).not.toEqual(everyone);
    expect(second).not.toEqual(first);
  });
});
