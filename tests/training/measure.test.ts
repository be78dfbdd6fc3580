import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { deviceKinds, devices } from "../kernels/devices.ts";
import { runOf } from "./runOf.ts";

/** Sizes above 32, where software drivers stop unrolling loops; fewer of them there, as each costs a compilation. */
const widths = { cpu: [40, 36], webgpu: [40] } as const;
const activations = ["relu", "gelu"];
const configOn = (kind: keyof typeof widths) => ({
  data: { kind: "moons", size: 200 },
  model: { layers: widths[kind].map((width, index) => ({ width, activation: activations[index] })) },
  optimizer: { kind: "sgd", learningRate: 0.1 },
  compute: { batchSize: 40, accumulation: kind === "cpu" ? 2 : 1 },
});
const total = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0);

describe.each(deviceKinds)("measuring a run on %s", (kind) => {
  const config = configOn(kind);
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterAll(() => device.destroy());

  it("finds the norm that the step reported, the updates of SGD, and every number in a histogram", async () => {
    const run = await runOf(config, device);
    await run.trainSteps(4);
    run.remember();
    const before = await run.readParameters();
    const { gradNorm } = await run.trainSteps(1);
    const { step, tensors, layers, gradientNoise } = await run.measure();
    expect(step).toBe(5);
    const norm = Math.hypot(...tensors.map((tensor) => tensor.gradNorm));
    expect(Math.abs(norm / (gradNorm[0] ?? 0) - 1)).toBeLessThan(1e-5);
    for (const { name, gradNorm: ofTensor, updateRatio = Number.NaN, weights, gradients } of tensors) {
      // p -= 0.1 g, of which each difference is rounded
      const expected = (0.1 * ofTensor) / Math.hypot(...(before.get(name)?.values ?? []));
      expect(Math.abs(updateRatio / expected - 1), name).toBeLessThan(1e-4);
      expect(total(weights.counts)).toBe(total(gradients.counts));
    }
    expect(tensors.reduce((sum, { weights }) => sum + total(weights.counts), 0)).toBe(run.parameterCount);
    expect(layers.map(({ activations }) => total(activations.counts))).toEqual(widths[kind].map((width) => 40 * width));
    expect(Number.isFinite(gradientNoise?.scale)).toBe(true);
    run.dispose();
  });

  it("finds the ReLUs that no example reaches, and changes nothing of the training", async () => {
    const [measured, plain] = [await runOf(config, device), await runOf(config, device)];
    const weights = await measured.readParameters();
    const bias = weights.get("layers.0.bias")?.values ?? new Float32Array();
    bias.set([-1000, -1000]);
    measured.writeParameters(weights);
    plain.writeParameters(weights);
    const before = await measured.measure();
    expect(before.layers[0]?.deadUnits).toBeGreaterThanOrEqual(2 / 40);
    expect(before.layers[0]?.deadUnits).toBeLessThan(1);
    expect(before.tensors[0]?.updateRatio).toBeUndefined();
    const [after] = [(await measured.trainSteps(3)).loss];
    await measured.measure();
    expect(after).toEqual((await plain.trainSteps(3)).loss);
    expect((await measured.trainSteps(3)).loss).toEqual((await plain.trainSteps(3)).loss);
    measured.dispose();
    plain.dispose();
  });
});

it("takes no unit for dead that is off for the only example of its batch", async () => {
  const device = await devices.cpu();
  // 100 training examples: at step 90 fewer than 32 are left of the epoch
  const data = { kind: "moons", size: 200, train: 0.5 };
  const run = await runOf({ ...configOn("cpu"), data, compute: { batchSize: 1 } }, device);
  for (const steps of [1, 89]) {
    await run.trainSteps(steps);
    const [first] = (await run.measure()).layers;
    expect(total(first?.activations.counts ?? new Uint32Array())).toBe(32 * 40);
    // Half of the units are off for any one example
    expect(first?.deadUnits).toBeLessThan(0.2);
  }
  device.destroy();
});
