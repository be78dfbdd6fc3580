import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { RunError } from "../../src/session/weights.ts";
import { deviceKinds, devices } from "../kernels/devices.ts";
import { configOf, runOf, weightsOf } from "./runOf.ts";

const LEARNING_RATE = 0.5;
const config = {
  data: { kind: "moons", size: 200 },
  model: { layers: [{ width: 8, activation: "tanh" }] },
  optimizer: { kind: "sgd", learningRate: LEARNING_RATE },
};
const clipping = (choice: object) => ({ ...config, optimizer: { ...config.optimizer, clipping: choice } });

/** Of 8 x 2 + 2 x 8 weights and 10 biases near 1, whose differences are rounded to 2^-24 each. */
const STEP_BOUND = 1e-5;

describe.each(deviceKinds)("what steers a run's steps on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterAll(() => device.destroy());

  /** The first step's change of each weight, divided by the learning rate, and its row. */
  const firstStep = async (part: object) => {
    const run = await runOf(part, device);
    const before = await weightsOf(run);
    const rows = await run.trainSteps(1);
    const after = await weightsOf(run);
    run.dispose();
    return { rows, gradient: after.map((weight, index) => ((before[index] ?? 0) - weight) / LEARNING_RATE) };
  };
  const normOf = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

  it("clips a gradient's norm to the bound, reports the factor and the norm before", async () => {
    const free = await firstStep(config);
    const norm = normOf(free.gradient);
    expect(free.rows.clipFactor[0]).toBe(1);
    expect(Math.abs((free.rows.gradNorm[0] ?? 0) - norm)).toBeLessThan(STEP_BOUND);
    const maxNorm = norm / 4;
    const clipped = await firstStep(clipping({ kind: "norm", maxNorm }));
    expect(clipped.rows.gradNorm[0]).toBe(free.rows.gradNorm[0]);
    expect(Math.abs((clipped.rows.clipFactor[0] ?? 0) - 0.25)).toBeLessThan(STEP_BOUND);
    expect(Math.abs(normOf(clipped.gradient) - maxNorm)).toBeLessThan(STEP_BOUND);
  });

  it("clips each element of a gradient by value", async () => {
    const limit = 0.02;
    const [free, clipped] = [await firstStep(config), await firstStep(clipping({ kind: "value", limit }))];
    const changed = free.gradient.filter((g) => Math.abs(g) > limit).length;
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(free.gradient.length);
    expect(free.rows.clipFactor[0]).toBe(1);
    expect(clipped.rows.clipFactor[0]).toBeCloseTo(1 - changed / free.gradient.length, 6);
    clipped.gradient.forEach((g, index) => {
      const expected = Math.max(-limit, Math.min(limit, free.gradient[index] ?? 0));
      expect(Math.abs(g - expected)).toBeLessThan(STEP_BOUND);
    });
  });

  it("adds penalties to the gradient of matrices, and reports them apart from the loss", async () => {
    const [free, penalized] = [
      await firstStep(config),
      await firstStep({ ...config, loss: { kind: "cross-entropy", l2: 0.1 } }),
    ];
    const run = await runOf(config, device);
    const tensors = [...(await run.readParameters()).values()];
    run.dispose();
    const decay = tensors.flatMap(({ shape, values }) => [...values].map((w) => (shape.length > 1 ? 0.1 * w : 0)));
    decay.forEach((expected, index) => {
      const more = (penalized.gradient[index] ?? 0) - (free.gradient[index] ?? 0);
      expect(Math.abs(more - expected)).toBeLessThan(STEP_BOUND);
    });
    expect(penalized.rows.loss[0]).toBe(free.rows.loss[0]);
    expect(free.rows.penalty[0]).toBe(0);
    expect(Math.abs((penalized.rows.penalty[0] ?? 0) - 5 * decay.reduce((sum, x) => sum + x * x, 0))).toBeLessThan(
      1e-5,
    );
  });

  it("drops and disturbs in training alone: an evaluation is that of a run without", async () => {
    const noisy = { ...config, data: { ...config.data, inputNoise: 0.5 }, model: { ...config.model, dropout: 0.5 } };
    const [plain, disturbed] = [await runOf(config, device), await runOf(noisy, device)];
    expect(await disturbed.evaluate("train")).toEqual(await plain.evaluate("train"));
    const [loss] = (await plain.trainSteps(1)).loss;
    const [noisyLoss] = (await disturbed.trainSteps(1)).loss;
    expect(noisyLoss).not.toBe(loss);
    plain.dispose();
    disturbed.dispose();
  });

  it("changes while a run goes on where the program has it, and is refused by name where it has not", async () => {
    const run = await runOf({ ...config, model: { ...config.model, dropout: 0.5 } }, device);
    const plain = await runOf(config, device);
    run.adjust({ model: { dropout: 0 } });
    expect((await run.trainSteps(3)).loss).toEqual((await plain.trainSteps(3)).loss);
    expect(() => plain.adjust({ model: { dropout: 0.1 } })).toThrow(
      new RunError("model.dropout: got a value that this run's program was not compiled for. Start the run anew."),
    );
    const { optimizer, loss } = configOf(clipping({ kind: "norm", maxNorm: 1e-6 }));
    plain.adjust({ optimizer });
    expect((await plain.trainSteps(1)).clipFactor[0]).toBeLessThan(1e-3);
    expect(() => plain.adjust({ loss: { ...loss, l1: 0.1 } })).toThrow(/^loss\.l1: /);
    run.dispose();
    plain.dispose();
  });
});
