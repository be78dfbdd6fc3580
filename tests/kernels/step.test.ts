import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device, Machine } from "../../src/devices/device.ts";
import { compileRun, type RunPlan } from "../../src/engine/compile.ts";
import { type Controls, initialControl, uncontrolled } from "../../src/engine/control.ts";
import * as losses from "../../src/engine/losses/index.ts";
import { adamw } from "../../src/engine/optimizers/index.ts";
import type { Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import type { RunShape } from "../../src/engine/programs/context.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";
import { keyOf } from "../../src/lib/philox.ts";
import { createRandom } from "../../src/lib/random.ts";
import { stepBatches } from "../../src/session/stepTable.ts";
import { createReferenceDevice } from "../reference/device.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { scalarsAt } from "./optimizerCases.ts";

const REPLICAS = 3;
const STEPS = 6;
const [N, B] = [33, 7];
const optimizer: Optimizer = adamw;

const loss = losses["cross-entropy"];
const settings = Float32Array.from(loss.settings(defaultsOf(loss.hyperparameters), 3));

interface Options extends Pick<RunShape, "penalized" | "dropout" | "inputNoise" | "checkpointing"> {
  readonly title: string;
  readonly accumulation: number;
  readonly controls: Partial<Controls>;
  readonly lossScale?: number;
}

/** Each part of a step by itself, and all together. */
const options: readonly Options[] = [
  { title: "nothing else", accumulation: 1, controls: {} },
  { title: "clipping and a loss scale", accumulation: 1, controls: { maxNorm: 0.3, limit: 0.05 }, lossScale: 64 },
  { title: "penalties", accumulation: 1, controls: { l1: 0.01, l2: 0.1 }, penalized: true, lossScale: 8 },
  { title: "dropout", accumulation: 1, controls: { dropout: 0.3 }, dropout: true },
  { title: "input noise", accumulation: 1, controls: { inputNoise: 0.2 }, inputNoise: true },
  { title: "accumulation", accumulation: 3, controls: {} },
  { title: "checkpointing", accumulation: 1, controls: {}, checkpointing: true },
  {
    ...{ title: "everything", accumulation: 2, penalized: true, dropout: true, inputNoise: true, checkpointing: true },
    controls: { maxNorm: 0.3, l1: 0.01, l2: 0.1, dropout: 0.3, inputNoise: 0.2 },
  },
];

/** Hidden layers that save outputs and that save inputs; a short last batch; three replicas. */
const compile = ({ title: _, controls: __, ...shape }: Options): RunPlan =>
  compileRun({
    model: {
      inputs: 2,
      layers: [
        { width: 9, activation: "tanh" },
        { width: 5, activation: "gelu" },
        { width: 6, activation: "tanh" },
      ],
      outputs: 3,
    },
    ...{ loss, optimizer, settingCount: settings.length },
    targetWidth: 1,
    counts: { train: N, validation: 1, test: 1 },
    batchSize: B,
    replicas: REPLICAS,
    maxSteps: STEPS,
    probeCount: 1,
    ...shape,
  });

function fill(machine: Machine, { data, tables, parameters }: RunPlan, of: Options): void {
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
  const batches = { examples: N, batchSize: B, accumulation: of.accumulation, isShuffled: true };
  machine.write(tables.batches, stepBatches({ first: 1, count: STEPS, batches }));
  const values = defaultsOf(optimizer.hyperparameters);
  const rows = Array.from({ length: STEPS }, (_, step) =>
    Array.from({ length: REPLICAS }, () => scalarsAt(optimizer, values, step + 1)).flat(),
  );
  machine.write(tables.scalars, Float32Array.from(rows.flat()));
  for (let replica = 0; replica < REPLICAS; replica++) {
    machine.write(tables.orderKey, keyOf(replica), { replica });
    machine.write(tables.settings, settings, { replica });
    machine.write(tables.control, initialControl({ ...uncontrolled, ...of.controls }, of.lossScale), { replica });
    const weights = createRandom(replica, "initialization");
    const start = Float32Array.from({ length: parameters.arena.shape[0] }, () => 0.5 * weights.normal());
    machine.write(parameters.arena, start, { replica });
  }
}

/** The table of metrics (K, R, 8) after all steps in one submission. */
async function metricsOn(device: Device, of: Options): Promise<Float32Array> {
  const run = compile(of);
  const machine = await device.load(run.plan);
  fill(machine, run, of);
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

  it.each(options)("gives float64's metrics for three replicas over an epoch within 1e-5, with $title", async (of) => {
    const expected = await metricsOn(createReferenceDevice(), of);
    const got = await metricsOn(device, of);
    expect(expected.length).toBe(STEPS * REPLICAS * 8);
    expect(new Set(expected).size).toBeGreaterThan(2 * STEPS * REPLICAS);
    expected.forEach((value, index) => {
      expect(Math.abs(got[index] - value), `row ${Math.floor(index / 24)}, column ${index % 8}`).toBeLessThanOrEqual(
        1e-5 * Math.abs(value),
      );
    });
  });

  it("holds no memory once its plan is disposed of", async () => {
    const before = device.liveBytes;
    const machine = await device.load(compile(options[0]).plan);
    expect(device.liveBytes).toBeGreaterThan(before);
    machine.dispose();
    expect(device.liveBytes).toBe(before);
  });
});
