import { describe, expect, it } from "vitest";
import { Allocator } from "../../src/devices/cpu/allocator.ts";
import { createCpuDevice } from "../../src/devices/cpu/device.ts";
import { DeviceError } from "../../src/devices/device.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Call, Plan } from "../../src/engine/graph/program.ts";
import type { Tensor } from "../../src/engine/graph/tensor.ts";
import { linearForward } from "../../src/engine/layers/linear.ts";

const tensor = (name: string, shape: readonly number[], perReplica = true): Tensor => ({
  ...{ name, shape, perReplica },
  ...{ type: "f32", role: "data" },
});

/** A plan of one forward layer of 3 examples, 2 inputs, 5 outputs. */
function layerPlan(change: Partial<Call> = {}, replicas = 2) {
  const bindings = {
    input: tensor("input", [3, 2], false),
    weight: tensor("weight", [5, 2]),
    bias: tensor("bias", [5]),
    output: tensor("output", [3, 5]),
  };
  const constants = { B: 3, I: 2, O: 5 };
  const call: Call = { kernel: linearForward, move: "forward", bindings, constants, activation: "relu", ...change };
  const programs = { forward: { name: "forward", calls: [call] } };
  const memory = planMemory(Object.values(programs), replicas, new Set());
  return { bindings, plan: { replicas, memory, programs, tables: [] } satisfies Plan<"forward"> };
}

describe("the CPU device", () => {
  it("runs each replica on its own tensors and on the shared ones", async () => {
    const { plan, bindings } = layerPlan();
    const machine = await (await createCpuDevice()).load(plan);
    machine.write(bindings.input, Float32Array.of(1, 0, 0, 1, 1, 1));
    for (const replica of [0, 1]) {
      machine.write(
        bindings.weight,
        Float32Array.from({ length: 10 }, (_, i) => (replica + 1) * (i - 4)),
        { replica },
      );
      machine.write(bindings.bias, new Float32Array(5).fill(0.5), { replica });
    }
    machine.run("forward", 1);
    expect([...(await machine.read(bindings.output, { count: 5 }))]).toEqual([0, 0, 0.5, 2.5, 4.5]);
    expect([...(await machine.read(bindings.output, { replica: 1 }))].slice(10)).toEqual([0, 0, 2.5, 10.5, 18.5]);
  });

  it("gives all memory back, to the byte, and zeroes what it hands out again", async () => {
    const device = await createCpuDevice();
    const { plan, bindings } = layerPlan();
    const first = await device.load(plan);
    const before = device.liveBytes;
    for (let round = 0; round < 3; round++) {
      const machine = await device.load(plan);
      expect(device.liveBytes).toBe(2 * before);
      expect([...(await machine.read(bindings.output))]).toEqual(new Array(15).fill(0));
      machine.write(bindings.output, new Float32Array(15).fill(7));
      machine.dispose();
      machine.dispose();
      expect(device.liveBytes).toBe(before);
    }
    first.dispose();
    expect(device.liveBytes).toBe(0);
  });

  it("keeps the bits of integers that are signalling NaNs as floats", async () => {
    const { plan, bindings } = layerPlan();
    const machine = await (await createCpuDevice()).load(plan);
    machine.write(bindings.bias, Uint32Array.of(0x7f800001, 0xffffffff));
    const words = new Uint32Array((await machine.read(bindings.bias)).buffer);
    expect([...words.slice(0, 2)]).toEqual([0x7f800001, 0xffffffff]);
  });

  it("names a kernel, an activation and a binding that are missing, and takes no memory then", async () => {
    const device = await createCpuDevice();
    const load = (change: Partial<Call>) => device.load(layerPlan(change).plan);
    await expect(load({ kernel: { ...linearForward, name: "foo" } as never })).rejects.toThrow(
      /cpu: got kernel "foo", expected one of .*linearForward/,
    );
    await expect(load({ activation: "swoosh" })).rejects.toThrow(/got kernel "swooshForward"/);
    await expect(load({ constants: { B: 3, I: 2 } })).rejects.toThrow(/linearForward: got no O/);
    expect(device.liveBytes).toBe(0);
  });

  it("refuses with numbers what does not fit into 4 GiB", async () => {
    const device = await createCpuDevice();
    const { plan } = layerPlan();
    const blocks = plan.memory.blocks.map((block) => ({ ...block, bytes: 2 ** 31 }));
    const huge = { ...plan, memory: { ...plan.memory, blocks } };
    const loading = device.load(huge);
    await expect(loading).rejects.toThrow(DeviceError);
    await expect(loading).rejects.toThrow(/memory: got 8589\d+ bytes on top of 0 in use, expected at most 4294901760/);
    expect(device.liveBytes).toBe(0);
  });
});

describe("the allocator of linear memory", () => {
  it("uses freed stretches again, and merges neighbours", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const allocator = new Allocator(memory, 1000);
    const [a, b, c] = [allocator.allocate(1), allocator.allocate(300), allocator.allocate(256)];
    expect([a.start, b.start, c.start, allocator.liveBytes]).toEqual([1024, 1280, 1792, 1024]);
    allocator.free(b);
    allocator.free(a);
    expect(allocator.allocate(768).start).toBe(1024);
    allocator.free(c);
    expect(allocator.allocate(100).start).toBe(1792);
    expect(memory.buffer.byteLength).toBe(65_536);
  });

  it("grows the memory when no stretch is large enough", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { start, bytes } = new Allocator(memory, 0).allocate(1_000_000);
    expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(start + bytes);
  });
});
