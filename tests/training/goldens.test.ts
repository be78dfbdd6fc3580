import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PreparedData, SplitExamples } from "../../src/data/prepare.ts";
import type { Device } from "../../src/devices/device.ts";
import { checkConfig } from "../../src/session/check.ts";
import type { RunConfig } from "../../src/session/config.ts";
import { createRun, type Run } from "../../src/session/run.ts";
import { deviceKinds, devices } from "../kernels/devices.ts";
import goldens from "./goldens/goldens.json" with { type: "json" };

/** Largest relative difference of the loss in 100 steps, by the devices' arithmetic: what the project promises. */
const LOSS_BOUND = { cpu: 1e-4, webgpu: 1e-3 } as const;
/** Milliseconds: a software driver takes a while to compile the products of Shampoo and Muon. */
const COMPILING = 240_000;
/** The scheduled learning rates are computed in float64 on both sides. */
const RATE_BOUND = 1e-12;

const [inputWidth = 0, ...widths] = goldens.widths;
const { problem } = goldens;
const count = problem.classes.length;

type Golden = (typeof goldens.runs)[number];

const empty: SplitExamples = { count: 0, inputs: new Float32Array(), targets: new Float32Array() };

/** The targets that a loss wants: numbers, classes, or two classes. */
function targetsFor({ loss }: RunConfig): { targets: readonly number[]; classes: readonly string[] | undefined } {
  if (loss.kind === "bce-with-logits") return { targets: problem.binary, classes: ["0", "1"] };
  if (loss.kind === "cross-entropy") return { targets: problem.classes, classes: ["0", "1", "2"] };
  return { targets: problem.numbers, classes: undefined };
}

function dataFor(config: RunConfig): PreparedData {
  const { targets, classes } = targetsFor(config);
  const train = { count, inputs: Float32Array.from(problem.inputs), targets: Float32Array.from(targets) };
  return {
    task: classes === undefined ? "regression" : "classification",
    inputWidth,
    targetWidth: targets.length / count,
    outputs: classes?.length ?? targets.length / count,
    featureNames: Array.from({ length: inputWidth }, (_, index) => `x${index}`),
    targetNames: classes ?? ["a", "b", "c"],
    splits: { train, validation: empty, test: empty },
    notes: [],
  };
}

function configOf({ config }: Golden, device: "cpu" | "webgpu"): RunConfig {
  const { optimizer, loss, compute } = config as Partial<Record<string, object>>;
  const checked = checkConfig({
    model: { layers: widths.slice(0, -1).map((width) => ({ width, activation: "tanh" })) },
    optimizer,
    // Checked against the task of the data at hand, which is made here and no data set of the registry.
    data: { kind: "file", path: "goldens.json" },
    loss: loss ?? { kind: "cross-entropy" },
    compute: { device, batchSize: goldens.batchSize, order: "sequential", ...compute },
  });
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return checked.config;
}

function start(run: Run, isBinary: boolean): void {
  const weights = isBinary ? problem.single : problem.weights;
  const named = Object.entries(weights).map(([name, values]) => {
    const shape = run.plan.parameters.slices.get(name)?.shape ?? [];
    return [name, { shape, values: Float32Array.from(values) }] as const;
  });
  run.writeParameters(new Map(named));
}

describe.each(deviceKinds)("100 steps on %s follow PyTorch", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterAll(() => device.destroy());

  it.each(goldens.runs.map((golden) => [golden.name, golden] as const))(
    "%s",
    async (_, golden) => {
      const config = configOf(golden, kind);
      const run = await createRun({ config, data: dataFor(config), device, probe: new Float32Array(inputWidth) });
      start(run, config.loss.kind === "bce-with-logits");
      const rows = await run.trainSteps(golden.loss.length);
      run.dispose();
      golden.loss.forEach((expected, index) => {
        const distance = Math.abs((rows.loss[index] ?? Number.NaN) - expected) / Math.abs(expected);
        expect(distance, `loss of step ${index + 1}`).toBeLessThan(LOSS_BOUND[kind]);
        const rate = golden.learningRate[index] ?? Number.NaN;
        const off = Math.abs((rows.learningRate[index] ?? Number.NaN) - rate);
        expect(off, `learning rate of step ${index + 1}`).toBeLessThanOrEqual(RATE_BOUND);
        const norm = golden.gradNorm[index] ?? Number.NaN;
        const offNorm = Math.abs((rows.gradNorm[index] ?? Number.NaN) - norm) / norm;
        expect(offNorm, `gradient norm of step ${index + 1}`).toBeLessThan(10 * LOSS_BOUND[kind]);
      });
    },
    COMPILING,
  );
});
