import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice, type WebGpuOptions } from "../../src/devices/webgpu/device.ts";
import { TunedChooser } from "../../src/devices/webgpu/tuner.ts";
import { createMemoryStore, type TuningStore } from "../../src/devices/webgpu/tuningStore.ts";
import type { Kernel, Variant } from "../../src/engine/graph/kernel.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Call, Plan } from "../../src/engine/graph/program.ts";
import { createTensor, elements, type Shape, type Tensor } from "../../src/engine/graph/tensor.ts";
import { linearForward } from "../../src/engine/layers/linear.ts";
import { expectNoError, requestTestAdapter } from "./devices.ts";

/** Large enough to be worth measuring: 2^21 multiplications. */
const SIZES = { B: 128, I: 128, O: 128 };
const tensor = (name: string, shape: Shape): Tensor =>
  createTensor({ name, shape, type: "f32", role: "data", perReplica: false });

const bindings = {
  input: tensor("input", [SIZES.B, SIZES.I]),
  weight: tensor("weight", [SIZES.O, SIZES.I]),
  bias: tensor("bias", [SIZES.O]),
  output: tensor("output", [SIZES.B, SIZES.O]),
};

function planOf(kernel: Kernel): Plan<"forward"> {
  const call: Call = { kernel, move: "forward", bindings, constants: SIZES };
  const program = { name: "forward", calls: [call] };
  const memory = planMemory([program], 1, new Set(Object.values(bindings)));
  return { replicas: 1, memory, programs: { forward: program }, tables: [] };
}

/** The layer with one other variant, of which the model expects the most. */
function kernelWith(variant: Variant): Kernel {
  const variants = linearForward.variants;
  if (variants === undefined) throw new Error("linearForward: got no variants, expected some.");
  const best: Variant = { ...variant, tile: { rows: 128, columns: 128, shared: "workgroup" } };
  return { ...linearForward, variants: { ...variants, others: [best] } };
}

const plain: Variant = {
  name: "other",
  wgsl: linearForward.wgsl,
  tile: { rows: 4, columns: 4, shared: "invocation" },
  needs: [],
  fits: () => true,
  passes: [{ entry: "forward", workgroup: [8, 8], invocations: () => [32, 32] }],
};
/** As fast as anything can be, and wrong: it computes the first of its tiles only. */
const wrong: Variant = { ...plain, passes: [{ entry: "forward", workgroup: [8, 8], invocations: () => [1, 1] }] };
/** Right, and ten times the work. */
const slow: Variant = { ...plain, passes: new Array(10).fill(plain.passes[0]) };
/** Not WGSL. */
const broken: Variant = { ...plain, wgsl: plain.wgsl.replace("fn affine", "fn affine nonsense") };

describe("the tuner", () => {
  let device: Device;
  let store: TuningStore;
  const opened: Device[] = [];
  const open = async (options: WebGpuOptions): Promise<Device> => {
    device = await createWebGpuDevice(await requestTestAdapter(), options);
    opened.push(device);
    return device;
  };
  const openTuned = () => open({ chooser: (gpu) => new TunedChooser(gpu, { store, adapter: "test" }) });
  /** The variant that a device takes, as its profile says. */
  const chosenFor = async (kernel: Kernel): Promise<string | undefined> => {
    const machine = await device.load(planOf(kernel));
    const [time] = (await machine.profile?.("forward", 1)) ?? [];
    machine.dispose();
    return time?.variant;
  };
  beforeAll(async () => {
    store = createMemoryStore();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => {
    for (const one of opened) one.destroy();
  });

  it.each([
    { name: "a variant that is faster because it leaves out most of the result", variant: wrong },
    { name: "a variant that is slower", variant: slow },
    { name: "a variant that does not compile", variant: broken },
  ])("does not take $name", async ({ variant }) => {
    store = createMemoryStore();
    await openTuned();
    expect(await chosenFor(kernelWith(variant))).toBe("plain");
  });

  it("takes a variant that is right and much faster than the plain one", async () => {
    store = createMemoryStore();
    await openTuned();
    // The plain implementation starts a thousand times as many invocations as there are tiles.
    const idle: Kernel = { ...kernelWith(plain), invocations: () => [1024, 1024] };
    expect(await chosenFor(idle)).toBe("other");
  });

  it("remembers what it took, for the next device", async () => {
    const asked: string[] = [];
    store = {
      get: async (key) => {
        asked.push(key);
        return "other";
      },
      set: () => expect.unreachable(),
    };
    await openTuned();
    expect(await chosenFor(kernelWith(slow))).toBe("other");
    expect(asked).toEqual(["test | 2 | linearForward  7v 7v 7v "]);
  });

  it("remembers nothing where its time was over before all variants were measured", async () => {
    const remembered: string[] = [];
    const empty = createMemoryStore();
    const watched: TuningStore = { ...empty, set: async (_, name) => void remembered.push(name) };
    const chooser = (budget: number) => (gpu: GPUDevice) =>
      new TunedChooser(gpu, { store: watched, adapter: "hurried", budget });
    await open({ chooser: chooser(1e-6) });
    expect(await chosenFor(kernelWith(slow))).toBe("plain");
    expect(remembered).toEqual([]);
    await open({ chooser: chooser(10_000) });
    await chosenFor(kernelWith(slow));
    expect(remembered).toEqual(["plain"]);
  });

  it("leaves a plan's memory as it was: zeros", async () => {
    store = createMemoryStore();
    const machine = await (await openTuned()).load(planOf(kernelWith(plain)));
    for (const one of Object.values(bindings)) {
      expect(await machine.read(one), one.name).toEqual(new Float32Array(elements(one.shape)));
    }
    machine.dispose();
  });

  it("is not there on a device that must be deterministic, nor on a GPU in software", async () => {
    const refusing = { get: () => expect.unreachable(), set: () => expect.unreachable() };
    for (const options of [{ deterministic: true, store: refusing }, { store: refusing }]) {
      await open(options);
      expect(await chosenFor(kernelWith(plain))).toBe("plain");
    }
  });
});
