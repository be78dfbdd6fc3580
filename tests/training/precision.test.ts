import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device, Machine } from "../../src/devices/device.ts";
import { elements } from "../../src/engine/graph/tensor.ts";
import { prepareData } from "../../src/session/prepareData.ts";
import { rangeExponents } from "../../src/session/ranges.ts";
import { createRun, type Run } from "../../src/session/run.ts";
import { deviceKinds, devices } from "../kernels/devices.ts";
import { binaryFormats, nearest } from "../reference/precision/rounding.ts";
import { spiralsOn } from "./page.ts";
import { configOf, runOf, weightsOf } from "./runOf.ts";

/** What the project promises: within a point of float32's accuracy. */
const POINT = 0.01;

const digits = {
  data: { kind: "digits" },
  model: { layers: [{ width: 32, activation: "relu" }], initializer: { kind: "heUniform" } },
  optimizer: { kind: "adam", learningRate: 1e-3 },
  compute: { device: "cpu", batchSize: 128 },
};

const moons = {
  data: { kind: "moons", size: 400 },
  model: {
    layers: [
      { width: 8, activation: "tanh" },
      { width: 8, activation: "gelu" },
    ],
  },
  optimizer: { kind: "adam", learningRate: 0.01 },
  compute: { batchSize: 64 },
};

/** Weights that start so small that, on their way down, gradients fall below f16's 2^-25. Adam does not mind small ones. */
const faint = {
  data: { kind: "moons", size: 400 },
  model: {
    initializer: { kind: "xavierUniform", gain: 1e-5 },
    layers: Array.from({ length: 3 }, () => ({ width: 8, activation: "tanh" })),
  },
  optimizer: { kind: "adam", learningRate: 0.01, epsilon: 1e-12 },
  compute: { batchSize: 64 },
};

const withCompute = (config: { readonly compute: object }, compute: object) => ({
  ...config,
  compute: { ...config.compute, ...compute },
});

const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0);

/** Trains to the end, and says how many steps were skipped and what the best of the last accuracies was. */
async function train(run: Run, { steps, rounds }: { steps: number; rounds: number }) {
  const accuracies: number[] = [];
  let skipped = 0;
  for (let round = 0; round < rounds; round++) {
    skipped += total((await run.trainSteps(steps)).skipped);
    accuracies.push((await run.evaluate("validation")).accuracy ?? 0);
  }
  return { skipped, accuracy: Math.max(...accuracies.slice(-3)) };
}

describe("on the cpu", () => {
  let device: Device;
  beforeAll(async () => {
    device = await devices.cpu();
  });
  afterAll(() => device.destroy());

  const reached = async (config: object, length: { steps: number; rounds: number }) => {
    const run = await runOf(config, device);
    const { accuracy } = await train(run, length);
    run.dispose();
    return accuracy;
  };

  it.each([
    { name: "spirals", config: spiralsOn("cpu"), length: { steps: 200, rounds: 12 }, least: 0.95 },
    { name: "digits", config: digits, length: { steps: 100, rounds: 6 }, least: 0.85 },
  ])("f16 and bf16 train the $name to within a point of f32", async ({ config, length, least }) => {
    const f32 = await reached(withCompute(config, { precision: "f32" }), length);
    expect(f32).toBeGreaterThan(least);
    for (const precision of ["f16", "bf16"]) {
      const half = await reached(withCompute(config, { precision }), length);
      expect(Math.abs(half - f32), precision).toBeLessThanOrEqual(POINT);
    }
  });

  it("f16 and checkpointing together give the same weights to the bit as f16 alone", async () => {
    const words = async (checkpointing: boolean) => {
      const deep = { ...moons, model: { layers: Array.from({ length: 8 }, () => ({ width: 9, activation: "gelu" })) } };
      const run = await runOf(withCompute(deep, { precision: "f16", checkpointing, accumulation: 2 }), device);
      await run.trainSteps(20);
      const weights = await weightsOf(run);
      run.dispose();
      return new Uint32Array(weights.buffer);
    };
    expect(await words(true)).toEqual(await words(false));
  });
});

describe.each(deviceKinds)("precision on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterAll(() => device.destroy());

  it.each(["f16", "bf16"] as const)(
    "%s rounds gradients and outputs, and keeps the weights in float32",
    async (precision) => {
      const rounding = binaryFormats[precision === "f16" ? 0 : 1];
      const isRounded = (x: number) => Object.is(nearest(x, rounding), x);
      const config = configOf(withCompute(moons, { device: kind, precision, initialLossScale: 256 }));
      const data = prepareData(config.data, undefined);
      const probe = data.splits.validation.inputs;
      let machine: Machine | undefined;
      const watched: Device = {
        ...device,
        async load(plan) {
          const loaded = await device.load(plan);
          machine = loaded;
          return loaded;
        },
      };
      const run = await createRun({ config, data, device: watched, probe });
      await run.trainSteps(3);
      const gradients = await machine?.read(run.plan.gradients.arena);
      expect(gradients?.length).toBe(elements(run.plan.gradients.arena.shape));
      expect(gradients?.every(isRounded)).toBe(true);
      expect(new Set(gradients).size).toBeGreaterThan(50);
      const outputs = await run.predict();
      expect(outputs.every(isRounded)).toBe(true);
      expect(new Set(outputs).size).toBeGreaterThan(20);
      const weights = await weightsOf(run);
      expect(weights.filter((x) => !isRounded(x)).length).toBeGreaterThan(weights.length / 2);
      run.dispose();
    },
  );

  it("f16 without loss scaling learns nothing where gradients underflow, and learns as f32 does with it", async () => {
    const results = new Map<string, { accuracy: number; underflow: number | undefined }>();
    for (const [name, compute] of Object.entries({
      f32: { precision: "f32" },
      bf16: { precision: "bf16" },
      unscaled: { precision: "f16", lossScaling: "none" },
      scaled: { precision: "f16", lossScaling: "dynamic" },
    })) {
      const run = await runOf(withCompute(faint, { device: kind, ...compute }), device);
      const first = await train(run, { steps: 100, rounds: 1 });
      const { ranges } = await run.measure();
      const { accuracy } = await train(run, { steps: 100, rounds: 2 });
      results.set(name, { accuracy: Math.max(first.accuracy, accuracy), underflow: ranges?.underflow });
      run.dispose();
    }
    expect(results.get("f32")?.accuracy).toBeGreaterThan(0.85);
    expect(results.get("f32")?.underflow).toBeUndefined();
    expect(results.get("bf16")?.accuracy).toBeGreaterThan(0.85);
    expect(results.get("scaled")?.accuracy).toBeGreaterThan(0.85);
    expect(results.get("scaled")?.underflow).toBeLessThan(0.01);
    expect(results.get("unscaled")?.accuracy).toBeLessThan(0.6);
    expect(results.get("unscaled")?.underflow).toBeGreaterThan(0.2);
  });

  it("a loss scale that overflows is halved until it fits, and the steps on the way change no weight", async () => {
    const run = await runOf(withCompute(moons, { device: kind, precision: "f16", initialLossScale: 2 ** 24 }), device);
    const before = await weightsOf(run);
    const first = await run.trainSteps(1);
    expect([...first.skipped]).toEqual([1]);
    expect(first.nonFinite).toBeUndefined();
    expect(await weightsOf(run)).toEqual(before);
    const { ranges } = await run.measure();
    expect(ranges?.lossScale).toBe(2 ** 23);
    expect(ranges?.overflow).toBeGreaterThan(0);
    const rows = await run.trainSteps(20);
    const skipped = total(rows.skipped);
    expect(skipped).toBeGreaterThan(0);
    expect(skipped).toBeLessThan(10);
    expect(rows.lossScale.at(-1)).toBe(2 ** (23 - skipped));
    expect(await weightsOf(run)).not.toEqual(before);
    run.dispose();
  });

  it("skipped steps leave SGD's first update, which does not dampen, to the first step that is taken", async () => {
    const optimizer = { kind: "sgd", momentum: 0.9, dampening: 1 };
    const compute = { device: kind, precision: "f16", batchSize: 400 };
    const halving = await runOf(
      { ...withCompute(moons, { ...compute, initialLossScale: 2 ** 20 }), optimizer },
      device,
    );
    const { skipped, lossScale } = await halving.trainSteps(20);
    const taken = skipped.indexOf(0);
    expect(taken).toBeGreaterThan(0);
    const fitting = { ...compute, initialLossScale: lossScale[taken] };
    const plain = await runOf({ ...withCompute(moons, fitting), optimizer }, device);
    const before = await weightsOf(plain);
    const { skipped: none } = await plain.trainSteps(20 - taken);
    expect(total(none)).toBe(0);
    // Every step takes the whole set
    expect(await weightsOf(halving)).toEqual(await weightsOf(plain));
    expect(await weightsOf(plain)).not.toEqual(before);
    halving.dispose();
    plain.dispose();
  });

  it("a loss scale doubles after as many steps as asked for, and the gradient norm does not show it", async () => {
    const compute = { device: kind, precision: "f16", initialLossScale: 64, growthInterval: 3 };
    const [scaled, plain] = [
      await runOf(withCompute(moons, compute), device),
      await runOf(withCompute(moons, { device: kind, precision: "f32" }), device),
    ];
    const rows = await scaled.trainSteps(7);
    expect([...rows.lossScale]).toEqual([64, 64, 64, 128, 128, 128, 256]);
    const { gradNorm } = await plain.trainSteps(7);
    // 11 significant bits of inputs, weights, activations and gradients, over seven steps
    rows.gradNorm.forEach((norm, index) => {
      expect(Math.abs(norm / (gradNorm[index] ?? 0) - 1)).toBeLessThan(0.02);
    });
    scaled.dispose();
    plain.dispose();
  });

  it("the ranges count every gradient of the batch once, and measuring changes nothing of the training", async () => {
    const [measured, plain] = [
      await runOf(withCompute(moons, { device: kind, precision: "f16" }), device),
      await runOf(withCompute(moons, { device: kind, precision: "f16" }), device),
    ];
    await Promise.all([measured.trainSteps(5), plain.trainSteps(5)]);
    const { ranges } = await measured.measure();
    const gradients = ranges?.gradients ?? [];
    const names = [
      "layers.2.output",
      "layers.1.output",
      "layers.0.output",
      ...measured.plan.specs.map(({ name }) => name),
    ];
    expect(gradients.map(({ name }) => name)).toEqual(names);
    const counts = gradients.map(({ zeros, nonFinite, octaves }) => zeros + nonFinite + total(octaves));
    const sizes = measured.plan.specs.map(({ shape }) => elements(shape));
    expect(counts).toEqual([64 * 2, 64 * 8, 64 * 8, ...sizes]);
    expect(gradients.every(({ octaves }) => octaves.length === rangeExponents.length)).toBe(true);
    const [after, other] = [await measured.trainSteps(3), await plain.trainSteps(3)];
    expect([...after.loss]).toEqual([...other.loss]);
    measured.dispose();
    plain.dispose();
  });
});
