import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice } from "../../src/devices/webgpu/device.ts";
import { bytesOf, rootOf, storedElements, type Tensor } from "../../src/engine/graph/tensor.ts";
import { roundStored } from "../../src/engine/precision/rounding.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import { createRun, type Run } from "../../src/session/run.ts";
import { devices, expectNoError, requestTestAdapter } from "../kernels/devices.ts";
import { configOf, weightsOf } from "./runOf.ts";

describe("numbers of 16 bits on webgpu", () => {
  const opened: Device[] = [];
  let native: Device;
  let packing: Device;
  let cpu: Device;
  beforeAll(async () => {
    native = await devices.webgpu();
    packing = await createWebGpuDevice(await requestTestAdapter(), { packsHalf: true });
    cpu = await devices.cpu();
    opened.push(native, packing, cpu);
  });
  afterEach(() => Promise.all([native, packing].map(expectNoError)));
  afterAll(() => {
    for (const device of opened) device.destroy();
  });

  const configIn = (precision: string, device = "webgpu") => ({
    data: { kind: "moons", size: 400 },
    model: {
      ...{ dropout: 0.1, initializer: { kind: "xavierUniform" } },
      layers: [
        { width: 7, activation: "gelu" },
        { width: 12, activation: "relu" },
        { width: 5, activation: "tanh" },
      ],
    },
    optimizer: { kind: "adam", learningRate: 0.01 },
    compute: { device, precision, batchSize: 61 },
  });
  const emulating = (device: Device): Device => ({ ...device, storesHalf: false, load: (plan) => device.load(plan) });

  /** Twenty steps of a run. */
  const trained = async (part: object, device: Device, replicas: number) => {
    const config = configOf(part);
    const data = prepareData(config.data, undefined);
    const run = await createRun({ config, data, device, probe: data.splits.validation.inputs, replicas });
    const { loss, gradNorm } = await run.trainSteps(20);
    return { run, loss, steps: [...loss, ...gradNorm, ...(await weightsOf(run))] };
  };

  it.each([
    ["f16", "as such"],
    ["f16", "two in a word"],
    ["bf16", "two in a word"],
  ])(
    "%s in memory %s gives the bits of its emulation in float32, with three replicas",
    async (precision, how) => {
      const device = how === "as such" ? native : packing;
      const config = configIn(precision);
      const [stored, emulated] = [await trained(config, device, 3), await trained(config, emulating(device), 3)];
      expect(stored.steps).toEqual(emulated.steps);
      expect(new Set(stored.steps).size).toBeGreaterThan(100);
      for (const of of ["predict", "measure"] as const)
        expect(await stored.run[of]()).toEqual(await emulated.run[of]());
      expect(await stored.run.evaluate("validation")).toEqual(await emulated.run.evaluate("validation"));
      stored.run.dispose();
      emulated.run.dispose();
    },
    180_000,
  );

  it.each([
    ["f16", "as such"],
    ["f16", "two in a word"],
    ["bf16", "two in a word"],
  ])(
    "%s in memory %s gives those bits with two batches per step, noise and checkpointing",
    async (precision, how) => {
      const device = how === "as such" ? native : packing;
      const config = configIn(precision);
      const part = {
        ...config,
        data: { ...config.data, inputNoise: 0.1 },
        compute: { ...config.compute, accumulation: 2, checkpointing: true },
      };
      const [stored, emulated] = [await trained(part, device, 1), await trained(part, emulating(device), 1)];
      expect(stored.steps).toEqual(emulated.steps);
      stored.run.dispose();
      emulated.run.dispose();
    },
    180_000,
  );

  it.each(["f16", "bf16"])("%s two in a word learns as the CPU's emulation does", async (precision) => {
    const [stored, emulated] = [
      await trained(configIn(precision), packing, 1),
      await trained(configIn(precision, "cpu"), cpu, 1),
    ];
    stored.loss.forEach((loss, step) => {
      expect(Math.abs(loss / (emulated.loss[step] ?? 0) - 1)).toBeLessThan(0.02);
    });
    stored.run.dispose();
    emulated.run.dispose();
  });

  /** The memory of a step: its roots by name, with one name for the weights that it computes with. */
  const memoryOf = ({ plan: { plan } }: Run): ReadonlyMap<string, Tensor> => {
    const roots = plan.programs.step.calls.flatMap(({ bindings }) => Object.values(bindings).map(rootOf));
    const weights = roots.some(({ name }) => name === "rounded parameters") ? "rounded parameters" : "parameters";
    return new Map(roots.map((root) => [root.name === weights ? "weights" : root.name, root]));
  };

  it.each(["f16", "bf16"])(
    "%s takes half the bytes of float32 for weights and activations, and no pass that rounds them",
    async (precision) => {
      const runs = [await trained(configIn(precision), packing, 3), await trained(configIn("f32"), packing, 3)];
      const [half, whole] = runs.map(({ run }) => memoryOf(run));
      const bytes = (root: Tensor | undefined) => (root === undefined ? 0 : bytesOf(root, storedElements(root, 3)));
      const halved = [...half].filter(([name, root]) => 2 * bytes(root) === bytes(whole.get(name)));
      const others = [...half.keys()].filter((name) => !halved.some(([other]) => other === name));
      const activations = others.filter((name) => half.get(name)?.role === "activations");
      expect(activations.sort()).toEqual(["step.batchTargets", "step.partials", "step.rowHit", "step.rowLoss"]);
      expect(halved.map(([name]) => name)).toEqual(expect.arrayContaining(["weights", "step.batchInputs"]));
      expect(halved.length).toBeGreaterThan(10);
      const passes = runs[0].run.plan.plan.programs.step.calls.filter(({ kernel }) => kernel === roundStored);
      expect(passes.map(({ bindings }) => bindings.values.name)).toEqual(["gradients"]);
      for (const { run } of runs) run.dispose();
    },
  );
});
