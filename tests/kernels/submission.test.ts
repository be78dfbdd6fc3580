import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice } from "../../src/devices/webgpu/device.ts";
import { compileRun } from "../../src/engine/compile.ts";
import * as losses from "../../src/engine/losses/index.ts";
import { adam } from "../../src/engine/optimizers/index.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { scalarRows, stepBatches } from "../../src/session/stepTable.ts";
import { expectNoError, requestTestAdapter } from "./devices.ts";

const STEPS = 100;
const [N, B] = [64, 8];

const run = compileRun({
  model: { inputs: 2, layers: [{ width: 5, activation: "tanh" }], outputs: 2 },
  loss: losses["cross-entropy"],
  optimizer: adam,
  targetWidth: 1,
  counts: { train: N, validation: 8, test: 8 },
  batchSize: B,
  replicas: 1,
  maxSteps: STEPS,
  probeCount: 4,
});

/** An adapter whose devices count every call of a method that creates something, and add up what is uploaded. */
function counting(adapter: GPUAdapter) {
  const counts = new Map<string, number>();
  const count = (name: string, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);
  const requestDevice = adapter.requestDevice.bind(adapter);
  adapter.requestDevice = async (descriptor) => {
    const device = await requestDevice(descriptor);
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(device)).filter((name) =>
      name.startsWith("create"),
    );
    for (const name of methods) {
      const create = Reflect.get(device, name).bind(device);
      const counted = (...args: unknown[]) => {
        count(name);
        return create(...args);
      };
      Object.defineProperty(device, name, { value: counted });
    }
    const { queue } = device;
    const [write, submit] = [queue.writeBuffer.bind(queue), queue.submit.bind(queue)];
    Object.defineProperty(device, "queue", { value: queue });
    queue.writeBuffer = (...args: Parameters<GPUQueue["writeBuffer"]>) => {
      count("bytes", Number(args[4] ?? args[2].byteLength));
      write(...args);
    };
    queue.submit = (buffers) => {
      count("submissions");
      submit(buffers);
    };
    return device;
  };
  return counts;
}

describe("the step loop on webgpu", () => {
  let device: Device;
  let counts: ReturnType<typeof counting>;
  beforeAll(async () => {
    const adapter = await requestTestAdapter();
    counts = counting(adapter);
    device = await createWebGpuDevice(adapter);
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it("creates nothing but one command encoder per submission in 1,000 steps, and uploads 20 words a step at most", async () => {
    const machine = await device.load(run.plan);
    const values = defaultsOf(adam.hyperparameters);
    const submit = async (first: number) => {
      const batches = { examples: N, batchSize: B, accumulation: 1, isShuffled: true };
      const factors = new Float64Array(STEPS).fill(1);
      machine.write(run.tables.batches, stepBatches({ first, count: STEPS, batches }));
      machine.write(run.tables.scalars, scalarRows(adam, [values], { first, factors }));
      machine.write(run.tables.clock, Uint32Array.of(0, 0));
      machine.run("step", STEPS);
      return machine.read(run.metrics, { count: 8 * STEPS });
    };
    await submit(1);
    expect(counts.get("createBuffer")).toBeGreaterThan(5);
    expect(counts.get("createBindGroup")).toBe(run.plan.programs.step.calls.length);
    counts.clear();
    for (let first = STEPS + 1; first <= 11 * STEPS; first += STEPS) await submit(first);
    const { bytes = 0, ...made } = Object.fromEntries(counts);
    // Per submission: the steps, and the copy of their metrics.
    expect(made).toEqual({ createCommandEncoder: 20, submissions: 20 });
    expect(bytes / 4 / (10 * STEPS)).toBeLessThanOrEqual(20);
    machine.dispose();
  });

  it("prepares the other programs when one of them is asked for, and keeps the order of what is asked meanwhile", async () => {
    const machine = await device.load(run.plan);
    const inputs = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    machine.run("predict", 1);
    machine.write(run.probe.inputs, inputs);
    inputs.fill(0);
    const before = machine.read(run.probe.inputs);
    machine.write(run.probe.inputs, Float32Array.of(9));
    const after = machine.read(run.probe.inputs, { count: 2 });
    expect([...(await before)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...(await after)]).toEqual([9, 2]);
    machine.dispose();
  });

  it("times every call of a program, where the GPU has timestamps", async () => {
    const machine = await device.load(run.plan);
    const times = await machine.profile?.("step", 3);
    expect(times?.map(({ kernel, move }) => ({ kernel, move }))).toEqual(
      run.plan.programs.step.calls.map(({ kernel, move }) => ({ kernel: kernel.name, move })),
    );
    for (const { milliseconds } of times ?? []) expect(milliseconds).toBeGreaterThanOrEqual(0);
    expect(times?.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBeGreaterThan(0);
    machine.dispose();
  });
});
