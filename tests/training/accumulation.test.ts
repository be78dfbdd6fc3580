import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { deviceKinds, devices } from "../kernels/devices.ts";
import { runOf, weightsOf } from "./runOf.ts";

/** What the project promises: accumulation equals the large batch within this. */
const BOUND = 1e-6;
const STEPS = 20;
/** Milliseconds: a software driver compiles a kernel once for each size. */
const TIMEOUT = 180_000;

/**
 * Sizes above 32, where software drivers stop unrolling loops. 228 training examples: two batches of 80 and one of 68, or
 * five of 40 and one of 28.
 */
const config = {
  data: { kind: "moons", size: 300, noise: 0.1, train: 0.76, validation: 0.24 },
  model: {
    layers: [{ width: 40, activation: "gelu" }],
  },
  optimizer: { kind: "sgd", learningRate: 0.1 },
};

describe.each(deviceKinds)("accumulation on %s", { timeout: TIMEOUT }, (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterAll(() => device.destroy());

  const train = async (compute: object) => {
    const run = await runOf({ ...config, compute: { device: kind, ...compute } }, device);
    const rows = await run.trainSteps(STEPS);
    const weights = await weightsOf(run);
    run.dispose();
    return { rows, weights, perEpoch: run.stepsPerEpoch };
  };

  it("of 2 batches gives the losses, norms and weights of one batch as large, short ones too, within 1e-6", async () => {
    const whole = await train({ batchSize: 80 });
    const parts = await train({ batchSize: 40, accumulation: 2 });
    expect(parts.perEpoch).toBe(whole.perEpoch);
    expect([...parts.rows.epoch]).toEqual([...whole.rows.epoch]);
    for (const column of ["loss", "gradNorm"] as const) {
      parts.rows[column].forEach((value, index) => {
        expect(Math.abs(value - (whole.rows[column][index] ?? Number.NaN))).toBeLessThan(BOUND);
      });
    }
    parts.weights.forEach((weight, index) => {
      expect(Math.abs(weight - (whole.weights[index] ?? Number.NaN))).toBeLessThan(BOUND);
    });
  });

  it("of small batches alone gives other weights", async () => {
    const [whole, small] = [await train({ batchSize: 80 }), await train({ batchSize: 40 })];
    const largest = Math.max(...small.weights.map((weight, index) => Math.abs(weight - (whole.weights[index] ?? 0))));
    expect(largest).toBeGreaterThan(1000 * BOUND);
  });
});
