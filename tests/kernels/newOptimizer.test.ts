import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { compileCached, kernelSources, withKernelsExported } from "../../scripts/assemblyscript.ts";
import type { Device } from "../../src/devices/device.ts";
import { compileRun } from "../../src/engine/compile.ts";
import { initialControl, uncontrolled } from "../../src/engine/control.ts";
import { mse } from "../../src/engine/losses/index.ts";
import { learningRate } from "../../src/engine/optimizers/hyperparameters.ts";
import { defineOptimizer } from "../../src/engine/optimizers/optimizer.ts";
import { createRandom } from "../../src/lib/random.ts";
import { stepBatches } from "../../src/session/stepTable.ts";
import { createReferenceDevice } from "../reference/device.ts";
import { optimizerKernel } from "../reference/optimizers/update.ts";
import { scalarsAt } from "./optimizerCases.ts";

/**
 * An optimizer that the project does not have, with all that a new one needs: definition, WGSL, AssemblyScript and
 * reference. Its export line is in no file; one test adds it. signSGD, https://arxiv.org/abs/1802.04434.
 */
const wgsl = `
struct Scalars { learningRate: f32 }

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  return parameter - s.learningRate * sign(gradient);
}
`;

const signSgd = defineOptimizer({
  name: "signSgd",
  label: "signSGD",
  source: "https://arxiv.org/abs/1802.04434",
  hyperparameters: { learningRate: learningRate(2 ** -6) },
  moments: {},
  scalars: { learningRate: (h) => h.learningRate },
  wgsl,
});

const assemblyScript = `
import { loadLanes, storeLanes } from "../common/lanes";
import { lineShareStart } from "../common/share";
import { gradientLanes, isSkipped, scalarsRow } from "./optimizer";

@unmanaged
export class SignSgd {
  replica: u32;
  parameters: usize;
  gradients: usize;
  clock: usize;
  control: usize;
  scalars: usize;
  P: u32;
  matrices: u32;
  R: u32;
}

@unmanaged
export class SignSgdScalars {
  learningRate: f32;
}

export function signSgd(args: SignSgd, part: u32, parts: u32): void {
  if (isSkipped(args.control)) return;
  const step = f32x4.splat(changetype<SignSgdScalars>(scalarsRow<SignSgd, SignSgdScalars>(args)).learningRate);
  const zero = f32x4.splat(0);
  const end = lineShareStart(args.P, part + 1, parts);
  for (let p = lineShareStart(args.P, part, parts); p < end; p += 4) {
    const at = <usize>p << 2;
    const g = gradientLanes<SignSgd>(args, at, end - p);
    const up = v128.and(step, f32x4.gt(g, zero));
    const down = v128.and(step, f32x4.lt(g, zero));
    const parameter = loadLanes(args.parameters + at, end - p);
    storeLanes(args.parameters + at, f32x4.add(f32x4.sub(parameter, up), down), end - p);
  }
}
`;

const reference = optimizerKernel(["learningRate"], (s, { parameter, gradient }) => ({
  parameter: parameter - s.learningRate * Math.sign(gradient),
  state: {},
}));

const [STEPS, N, B] = [40, 20, 6];
const REPLICAS = 2;
/** All kernels are compiled once more where the sources have changed. */
const COMPILE_MS = 240_000;

/** Losses (K, R) of a small regression that is trained by signSGD. */
async function lossesOn(device: Device): Promise<readonly number[]> {
  const run = compileRun({
    model: { inputs: 2, layers: [{ width: 7, activation: "tanh" }], outputs: 1 },
    ...{ loss: mse, optimizer: signSgd, targetWidth: 1, counts: { train: N, validation: 1, test: 1 }, batchSize: B },
    ...{ replicas: REPLICAS, maxSteps: STEPS, probeCount: 1 },
  });
  const machine = await device.load(run.plan);
  const random = createRandom(5, "data");
  const inputs = Float32Array.from({ length: 2 * N }, () => random.normal());
  machine.write(run.data.train.inputs, inputs);
  machine.write(
    run.data.train.targets,
    Float32Array.from({ length: N }, (_, n) => Math.sin(inputs[2 * n]) + inputs[2 * n + 1]),
  );
  const batches = { examples: N, batchSize: B, accumulation: 1, isShuffled: false };
  machine.write(run.tables.batches, stepBatches({ first: 1, count: STEPS, batches }));
  const row = scalarsAt(signSgd, { learningRate: 2 ** -6 }, 1);
  machine.write(
    run.tables.scalars,
    Float32Array.from({ length: STEPS * REPLICAS }, () => row[0]),
  );
  for (let replica = 0; replica < REPLICAS; replica++) {
    machine.write(run.tables.control, initialControl(uncontrolled), { replica });
    const weights = createRandom(replica, "initialization");
    const start = Float32Array.from({ length: run.parameters.arena.shape[0] }, () => 0.5 * weights.normal());
    machine.write(run.parameters.arena, start, { replica });
  }
  machine.run("step", STEPS);
  const metrics = await machine.read(run.metrics);
  machine.dispose();
  return Array.from({ length: STEPS * REPLICAS }, (_, index) => metrics[8 * index]);
}

/** The session's modules, as they are with one more export line in the registry of optimizers. */
async function registered() {
  vi.resetModules();
  vi.doMock("../../src/engine/optimizers/index.ts", async (importActual) => ({
    ...(await importActual<object>()),
    signSgd,
  }));
  const [{ checkConfig }, url, { runSchema }, { runOf }, { devices, deviceKinds, expectNoError }] = await Promise.all([
    import("../../src/session/check.ts"),
    import("../../src/session/url.ts"),
    import("../../src/session/schema.ts"),
    import("../training/runOf.ts"),
    import("./devices.ts"),
  ]);
  return { checkConfig, ...url, runSchema, runOf, devices, deviceKinds, expectNoError };
}

/** Mean of the losses of some steps, over all replicas and an epoch's batches, whose last one is short. */
const meanLoss = (losses: readonly number[]): number => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;

const project: Readonly<Record<string, string>> = import.meta.glob(
  ["../../src/**/*.{ts,tsx}", "../../shaders/**/*.wgsl", "../reference/**/*.ts", "../../scripts/*.ts"],
  { query: "?raw", import: "default", eager: true },
);

describe("an optimizer that the project does not know", () => {
  let expected: readonly number[];
  beforeAll(async () => {
    const sources = { ...(await kernelSources()), "optimizers/signSgd.ts": assemblyScript };
    const binary = await compileCached(withKernelsExported(sources), "index.ts", "strict");
    const bytes = async () => Uint8Array.from(binary);
    vi.doMock("virtual:cpu-kernels", () => ({ strict: bytes, relaxed: bytes }));
    expected = await lossesOn(createReferenceDevice({ signSgd: reference }));
  }, COMPILE_MS);
  afterAll(() => {
    vi.doUnmock("virtual:cpu-kernels");
    vi.doUnmock("../../src/engine/optimizers/index.ts");
  });

  it("is named in no file of the engine, the devices, the session, the page, the shaders or the reference", () => {
    expect(Object.keys(project).length).toBeGreaterThan(200);
    expect(Object.entries(project).filter(([, text]) => /signSgd/i.test(text))).toEqual([]);
  });

  it("keeps nothing per parameter, and lowers the loss to less than half in float64", () => {
    const perEpoch = 4 * REPLICAS;
    expect(signSgd.kernel.bindings).not.toHaveProperty("m");
    expect(meanLoss(expected.slice(-perEpoch))).toBeLessThan(0.5 * meanLoss(expected.slice(0, perEpoch)));
  });

  it("trains on both devices as its reference does, every loss of 40 steps within 1e-5", async () => {
    const { devices, deviceKinds, expectNoError } = await import("./devices.ts");
    for (const kind of deviceKinds) {
      const device = await devices[kind]();
      const losses = await lossesOn(device);
      await expectNoError(device);
      device.destroy();
      losses.forEach((loss, index) => {
        expect(Math.abs(loss / expected[index] - 1), `${kind}, row ${index}`).toBeLessThan(1e-5);
      });
    }
  });

  it("needs one export line for a configuration, its schema and its address to take it, and for a run to train", async () => {
    const { checkConfig, encodeConfig, decodeConfig, runSchema, runOf, ...opened } = await registered();
    const part = { optimizer: { kind: "signSgd" }, data: { kind: "moons", size: 200 }, compute: { batchSize: 20 } };
    const checked = checkConfig(part);
    if (!checked.ok) throw new Error(checked.problems.join(" "));
    const { optimizer } = checked.config;
    expect(optimizer).toMatchObject({ kind: "signSgd", learningRate: 2 ** -6, schedule: { kind: "constant" } });
    expect(JSON.stringify(runSchema())).toContain("signSgd");
    expect(decodeConfig(encodeConfig(checked.config))).toEqual({ config: checked.config, problems: [] });
    expect(encodeConfig(checked.config)).toContain("optimizer=signSgd");
    for (const kind of opened.deviceKinds) {
      const device = await opened.devices[kind]();
      const run = await runOf({ ...part, compute: { ...part.compute, device: kind } }, device);
      const before = await run.evaluate("validation");
      await run.trainSteps(100);
      expect((await run.evaluate("validation")).loss, kind).toBeLessThan(0.7 * before.loss);
      run.dispose();
      await opened.expectNoError(device);
      device.destroy();
    }
  });
});
