import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { gatherBatch } from "../../src/engine/batch.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import { createTensor, elements, type Shape, type Tensor } from "../../src/engine/graph/tensor.ts";
import { keyOf } from "../../src/lib/philox.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement, type KernelCase, type Operand } from "./harness.ts";
import { normals } from "./linearCases.ts";

interface BatchOptions {
  readonly B: number;
  readonly N: number;
  readonly I: number;
  readonly T: number;
  /** The row of the step table: first position, examples, epoch, shuffled. */
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
    constants: { B, N, I, T },
    operands: {
      inputs: shared(normals(turn, [N, I])),
      targets: shared(normals(turn + 1, [N, T])),
      orderKey: { shape: [2], type: "u32", values: (replica) => keyOf(seedOf(replica)) },
      batchInputs: { shape: [B, I] },
      batchTargets: { shape: [B, T] },
      clock: { shape: [2], type: "u32", values: () => [1, 0] },
      batches: { shape: [2, 4], type: "u32", isShared: true, values: () => [0, 1, 9, 0, ...row] },
    },
  };
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
    batches: words("batches", [1, 4], false),
  };
  const program = {
    name: "gather",
    calls: [{ kernel: gatherBatch, move: "forward", bindings, constants: { B, N, I: 1, T: 1 } } as const],
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
    machine.write(bindings.batches, Uint32Array.of(start, count, epoch, 1));
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
