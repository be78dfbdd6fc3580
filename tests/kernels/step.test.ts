import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device, Machine } from "../../src/devices/device.ts";
import { compileRun, type RunPlan } from "../../src/engine/compile.ts";
import * as losses from "../../src/engine/losses/index.ts";
import { adamw } from "../../src/engine/optimizers/index.ts";
import type { Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { keyOf } from "../../src/lib/philox.ts";
import { createRandom } from "../../src/lib/random.ts";
import { createReferenceDevice } from "../reference/device.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { scalarsAt } from "./optimizerCases.ts";

const REPLICAS = 3;
const STEPS = 6;
const [N, B] = [33, 7];
const optimizer: Optimizer = adamw;

/** Hidden layers that save outputs and that save inputs; a short last batch; three replicas. */
const compile = (): RunPlan =>
  compileRun({
    model: {
      inputs: 2,
      layers: [
        { width: 9, activation: "tanh" },
        { width: 5, activation: "gelu" },
      ],
      outputs: 3,
    },
    loss: losses["cross-entropy"],
    optimizer,
    targetWidth: 1,
    counts: { train: N, validation: 1, test: 1 },
    batchSize: B,
    replicas: REPLICAS,
    maxSteps: STEPS,
    probeCount: 1,
  });

/** The rows of one epoch, and then the start of the next. */
const batchRows = Array.from({ length: STEPS }, (_, step) => {
  const start = (step * B) % 35;
  return [start, Math.min(B, N - start), Math.floor((step * B) / 35), 1];
}).flat();

function fill(machine: Machine, { data, tables, parameters }: RunPlan): void {
  const random = createRandom(21, "data");
  const { inputs, targets } = data.train;
  machine.write(
    inputs,
    Float32Array.from({ length: 2 * N }, () => random.normal()),
  );
  machine.write(
    targets,
    Float32Array.from({ length: N }, () => random.integer(3)),
  );
  machine.write(tables.batches, Uint32Array.from(batchRows));
  const values = defaultsOf(optimizer.hyperparameters);
  const rows = Array.from({ length: STEPS }, (_, step) =>
    Array.from({ length: REPLICAS }, () => scalarsAt(optimizer, values, step + 1)).flat(),
  );
  machine.write(tables.scalars, Float32Array.from(rows.flat()));
  for (let replica = 0; replica < REPLICAS; replica++) {
    machine.write(tables.orderKey, keyOf(replica), { replica });
    const weights = createRandom(replica, "initialization");
    const start = Float32Array.from({ length: parameters.arena.shape[0] }, () => 0.5 * weights.normal());
    machine.write(parameters.arena, start, { replica });
  }
}

/** The table of metrics (K, R, 4) after all steps in one submission. */
async function metricsOn(device: Device): Promise<Float32Array> {
  const run = compile();
  const machine = await device.load(run.plan);
  fill(machine, run);
  machine.run("step", STEPS);
  const metrics = await machine.read(run.metrics);
  machine.dispose();
  return metrics;
}

describe.each(deviceKinds)("a whole training step on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it("gives the losses, hits and gradient norms of float64 for three replicas over an epoch, within 1e-5", async () => {
    const expected = await metricsOn(createReferenceDevice());
    const got = await metricsOn(device);
    expect(expected.length).toBe(STEPS * REPLICAS * 4);
    expect(new Set(expected).size).toBeGreaterThan(2 * STEPS * REPLICAS);
    expected.forEach((value, index) => {
      expect(Math.abs(got[index] - value), `row ${Math.floor(index / 12)}, column ${index % 4}`).toBeLessThanOrEqual(
        1e-5 * Math.abs(value),
      );
    });
  });

  it("holds no memory once its plan is disposed of", async () => {
    const before = device.liveBytes;
    const machine = await device.load(compile().plan);
    expect(device.liveBytes).toBeGreaterThan(before);
    machine.dispose();
    expect(device.liveBytes).toBe(before);
  });
});
