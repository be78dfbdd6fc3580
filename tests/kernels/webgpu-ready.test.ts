import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice } from "../../src/devices/webgpu/device.ts";
import type { Kernel } from "../../src/engine/graph/kernel.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Plan } from "../../src/engine/graph/program.ts";
import { createTensor, type Shape, type Tensor } from "../../src/engine/graph/tensor.ts";
import { linearForward } from "../../src/engine/layers/linear.ts";
import { expectNoError, requestTestAdapter } from "./devices.ts";

const tensor = (name: string, shape: Shape): Tensor =>
  createTensor({ name, shape, type: "f32", role: "data", perReplica: false });

const bindings = {
  input: tensor("input", [1, 2]),
  weight: tensor("weight", [1, 2]),
  bias: tensor("bias", [1]),
  output: tensor("output", [1, 1]),
};

function planOf(kernel: Kernel): Plan<"forward"> {
  const program = {
    name: "forward",
    calls: [{ kernel, move: "forward", bindings, constants: { B: 1, I: 2, O: 1 } }],
  } as const;
  const memory = planMemory([program], 1, new Set(Object.values(bindings)));
  return { replicas: 1, memory, programs: { forward: program }, tables: [] };
}

/** Not WGSL. */
const broken: Kernel = { ...linearForward, wgsl: linearForward.wgsl.replace("fn affine", "fn affine nonsense") };

describe("a machine whose kernels still compile", () => {
  let device: Device;
  beforeAll(async () => {
    device = await createWebGpuDevice(await requestTestAdapter());
  });
  afterAll(async () => {
    await expectNoError(device);
    device.destroy();
  });

  it("takes values and work at once, in their order, and is ready later", async () => {
    const machine = await device.load(planOf(linearForward));
    let isReady = false;
    machine.ready?.then(() => {
      isReady = true;
    });
    const bias = Float32Array.of(1);
    machine.write(bindings.input, Float32Array.of(2, 3));
    machine.write(bindings.weight, Float32Array.of(10, 100));
    machine.run("forward", 1);
    machine.write(bindings.bias, bias);
    bias.fill(7);
    const first = machine.read(bindings.output);
    machine.run("forward", 1);
    const second = machine.read(bindings.output);
    expect(isReady).toBe(false);
    expect([...(await first), ...(await second)]).toEqual([320, 321]);
    expect(isReady).toBe(true);
    machine.dispose();
  });

  it("refuses every question with the compiler's message and frees its memory, where a kernel does not compile", async () => {
    const before = device.liveBytes;
    const machine = await device.load(planOf(broken));
    machine.run("forward", 1);
    const early = machine.read(bindings.output);
    const message = /linearForward: got WGSL that does not compile, line \d+/;
    await expect(early).rejects.toThrow(message);
    await expect(machine.ready).rejects.toThrow(message);
    await expect(machine.read(bindings.output)).rejects.toThrow(message);
    expect(device.liveBytes).toBe(before);
  });

  it("answers what was asked with a refusal when it is given back meanwhile", async () => {
    const machine = await device.load(planOf({ ...linearForward, wgsl: `${linearForward.wgsl}\n// another module` }));
    machine.run("forward", 1);
    const asked = machine.read(bindings.output);
    machine.dispose();
    await expect(asked).rejects.toThrow("machine: got a question after dispose(), expected none.");
    await machine.ready;
  });
});
