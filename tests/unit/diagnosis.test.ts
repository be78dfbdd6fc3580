import { describe, expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { defaultConfig, type RunConfig } from "../../src/session/config.ts";
import { diagnose, type diagnoses, type RunRecord, recordOf } from "../../src/session/diagnosis/index.ts";
import { thinned } from "../../src/session/diagnosis/record.ts";
import { createMetrics } from "../../src/session/metrics.ts";
import type { Evaluation } from "../../src/session/protocol.ts";

const guess = Math.log(3);

interface Made {
  readonly steps?: number;
  /** Training loss, validation loss and gradient norm by the fraction of the run that is done. */
  readonly loss: (part: number) => number;
  readonly validation?: (part: number) => number;
  readonly gradNorm?: (part: number) => number;
  readonly clipFactor?: number;
  readonly config?: RunConfig;
  readonly parameters?: number;
  readonly looks?: number;
}

/** A run whose curves are given functions. */
function made(options: Made, known: Partial<RunRecord> = {}): RunRecord {
  const { steps = 1000, loss, validation = loss, gradNorm = () => 1, clipFactor = 1, looks = 40 } = options;
  const history = createMetrics();
  const column = (value: (part: number) => number) => Float64Array.from({ length: steps }, (_, i) => value(i / steps));
  const split = (value: (part: number) => number): Evaluation[] =>
    Array.from({ length: looks }, (_, index) => {
      const part = index / (looks - 1);
      return { step: Math.round(part * steps), loss: value(part), accuracy: 0.5 };
    });
  history.append({
    step: Float64Array.from({ length: steps }, (_, index) => index + 1),
    ...{ loss: column(loss), gradNorm: column(gradNorm), learningRate: column(() => 0.01) },
    ...{ penalty: column(() => 0), clipFactor: column(() => clipFactor), seconds: column(() => 1e-3) },
    ...{ epoch: 0, stepsPerSecond: 0, train: split(loss), validation: split(validation) },
  });
  const { config = defaultConfig, parameters = 100 } = options;
  return { ...recordOf({ config, history, parameters, trainExamples: 400, guess }), ...known };
}

const falling = (part: number) => 0.1 + Math.exp(-6 * part);
const kinds = (run: RunRecord) => diagnose(run).map(({ kind }) => kind);
const withOptimizer = (values: object): RunConfig =>
  ({ ...defaultConfig, optimizer: { ...defaultConfig.optimizer, ...values } }) as RunConfig;
const withCompute = (values: Partial<RunConfig["compute"]>): RunConfig => ({
  ...defaultConfig,
  compute: { ...defaultConfig.compute, ...values },
});

/** Runs that show one thing each. */
const ill: Readonly<Record<Exclude<keyof typeof diagnoses, "healthy">, RunRecord>> = {
  notANumber: made({ loss: falling }, { nonFinite: { step: 12, tensor: "layers.1.weight", move: "backward" } }),
  f16Overflow: made(
    { loss: falling, config: withCompute({ precision: "f16" }) },
    { scaling: { skipped: 0.3, lossScale: 0.25 } },
  ),
  f16Underflow: made(
    { loss: () => 1.09, config: withCompute({ precision: "f16", lossScaling: "none" }) },
    {
      measured: {
        tensors: [0, 1e-5, 0.1].map((gradNorm, layer) => ({ name: `layers.${layer}.weight`, gradNorm, weightNorm: 1 })),
      },
    },
  ),
  deadUnits: made(
    { loss: () => 1.05 },
    { measured: { tensors: [], layers: [{ deadUnits: 0.1 }, { deadUnits: 0.75 }] } },
  ),
  diverging: made({ loss: (part) => 1.1 + 4 * part }),
  exploding: made({ loss: () => 1.05, gradNorm: () => 5000 }),
  vanishing: made(
    { loss: () => 1.09 },
    {
      measured: {
        tensors: [1e-6, 1e-4, 0.1].map((gradNorm, layer) => ({
          name: `layers.${layer}.weight`,
          gradNorm,
          weightNorm: 1,
        })),
      },
    },
  ),
  overfitting: made({ loss: falling, validation: (part) => (part < 0.3 ? falling(part) : falling(0.3) + part - 0.3) }),
  learningRateTooSmall: made({ loss: (part) => 1.15 - 0.05 * part }),
  plateau: made({ loss: (part) => (part < 0.1 ? 1.3 : guess) }),
  alwaysClipped: made({
    loss: falling,
    gradNorm: () => 7,
    clipFactor: 1 / 7,
    config: withOptimizer({ clipping: { kind: "norm", maxNorm: 1 } }),
  }),
  noisyBatch: made({
    loss: (part) => 0.8 + 0.15 * Math.sin(97.5 * part),
    config: withCompute({ batchSize: 2 }),
  }),
  underfitting: made({ loss: (part) => 0.7 + 0.4 * Math.exp(-20 * part) }),
};

describe.each(Object.entries(ill))("%s", (kind, run) => {
  const finding = diagnose(run).find((found) => found.kind === kind);
  test("is found where it is, and comes first or right after its cause", () => {
    expect(kinds(run).slice(0, 2)).toContain(kind);
  });
  test("says a fact, its numbers, two sentences of reason, and finite evidence", () => {
    expect(finding?.sentence).toMatch(/^[A-Z0-9].*\.$/);
    expect(finding?.detail).toMatch(/^[A-Z0-9].*\.$/);
    expect(finding?.detail).not.toMatch(/NaN|undefined|–/);
    expect(finding?.reason.split(/(?<=[.]) /)).toHaveLength(2);
    expect(Object.values(finding?.evidence ?? {}).every(Number.isFinite)).toBe(true);
  });
  test("offers at most three remedies, each a valid other configuration that leaves the rest alone", () => {
    const { remedies = [] } = finding ?? {};
    expect(remedies.length).toBeGreaterThan(0);
    expect(remedies.length).toBeLessThanOrEqual(3);
    expect(new Set(remedies.map(({ label }) => label)).size).toBe(remedies.length);
    for (const { change } of remedies) {
      const after = change(run.config);
      expect(checkConfig(after)).toEqual({ ok: true, config: after });
      expect(after).not.toEqual(run.config);
      const changed = (["data", "model", "loss", "optimizer", "compute", "stopping"] as const).filter(
        (part) => JSON.stringify(after[part]) !== JSON.stringify(run.config[part]),
      );
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.length).toBeLessThanOrEqual(kind === "deadUnits" ? 2 : 1);
    }
  });
});

test("a run that falls on both splits is healthy and needs no remedy", () => {
  const [finding, ...others] = diagnose(made({ loss: falling }));
  expect(finding).toMatchObject({ kind: "healthy", severity: "fine", sentence: "Learning.", remedies: [] });
  expect(others).toEqual([]);
});

test("one that has arrived has settled", () => {
  const [finding] = diagnose(made({ loss: (part) => 0.05 + 0.5 * Math.exp(-60 * part) }));
  expect(finding?.sentence).toBe("Settled.");
});

test("before the twentieth step there is nothing to say", () => {
  expect(kinds(made({ loss: falling, steps: 15, looks: 2 }))).toEqual([]);
});

test("an empty run is no reason to fail", () => {
  expect(kinds(made({ loss: falling, steps: 0, looks: 0 }))).toEqual([]);
});

test("what wrong labels cost even a perfect model is no underfitting", () => {
  const config = { ...defaultConfig, data: { ...defaultConfig.data, labelNoise: 0.3 } };
  // Entropy of 30 % wrong answers over two other classes: 0.819.
  const run = made({ loss: (part) => 0.84 + 0.3 * Math.exp(-20 * part), config });
  expect(kinds(run)).toEqual(["healthy"]);
  expect(kinds({ ...run, config: defaultConfig })).toEqual(["underfitting"]);
});

test("a network with more parameters than examples is not called too small", () => {
  const loss = (part: number) => 0.7 + 0.4 * Math.exp(-20 * part);
  expect(kinds(made({ loss, parameters: 399 }))).toEqual(["underfitting"]);
  expect(kinds(made({ loss, parameters: 401 }))).toEqual(["healthy"]);
});

test("dead units are forgiven to a network that learns", () => {
  const measured = { tensors: [], layers: [{ deadUnits: 0.75 }] };
  expect(kinds(made({ loss: falling }, { measured }))).toEqual(["healthy"]);
});

test("a warm-up is no plateau", () => {
  const flat = made({ loss: () => guess });
  const rising = flat.curve.learningRate.map((_, index) => index / flat.curve.learningRate.length);
  expect(kinds(flat)).toContain("plateau");
  expect(kinds({ ...flat, curve: { ...flat.curve, learningRate: rising } })).not.toContain("plateau");
});

test("thinning keeps the ends and the order", () => {
  const list = Array.from({ length: 1000 }, (_, index) => index);
  const thin = thinned(list, 7);
  expect(thin).toHaveLength(7);
  expect([thin[0], thin.at(-1)]).toEqual([0, 999]);
  expect(thin).toEqual(thin.toSorted((a, b) => a - b));
  expect(thinned(list.slice(0, 5), 7)).toEqual([0, 1, 2, 3, 4]);
});

test("a record of a hundred thousand steps is as small as one of a thousand", () => {
  const long = made({ loss: falling, steps: 100_000, looks: 5000 });
  expect(long.curve.step.length).toBeLessThanOrEqual(128);
  expect(long.train).toHaveLength(128);
  expect(kinds(long)).toEqual(["healthy"]);
});

describe("after a change by hand", () => {
  /** Overfits until the change, and recovers afterwards, or goes on as before. */
  const changedAt = 600;
  const history = createMetrics();
  const column = (value: (step: number) => number) => Float64Array.from({ length: 1000 }, (_, i) => value(i + 1));
  const validation = (step: number) =>
    step < changedAt ? 0.5 + step / 150 : 0.6 + 3.9 * Math.exp((changedAt - step) / 100);
  const training = (step: number) => (step < changedAt ? Math.exp(-step / 100) : 0.5);
  const looks = (loss: (step: number) => number): Evaluation[] =>
    Array.from({ length: 51 }, (_, index) => ({ step: 20 * index, loss: loss(20 * index), accuracy: 0.5 }));
  history.append({
    ...{ step: column((step) => step), loss: column(training), gradNorm: column(() => 1) },
    ...{ learningRate: column(() => 0.01), penalty: column(() => 0), clipFactor: column(() => 1) },
    ...{ seconds: column((step) => step / 1000), epoch: 0, stepsPerSecond: 0 },
    ...{ train: looks(training), validation: looks(validation) },
  });
  const facts = { config: defaultConfig, history, parameters: 100, trainExamples: 400, guess };

  test("what came before is not held against the run", () => {
    expect(kinds(recordOf(facts))).toContain("overfitting");
    expect(kinds(recordOf({ ...facts, from: changedAt }))).toEqual(["healthy"]);
  });
  test("a record has nothing from before the change", () => {
    const { curve, train, validation: validated } = recordOf({ ...facts, from: changedAt });
    expect(Math.min(...curve.step)).toBeGreaterThan(changedAt);
    expect(Math.max(...curve.lossMax)).toBe(0.5);
    expect([train[0]?.step, validated[0]?.step]).toEqual([changedAt, changedAt]);
  });
  test("right after the change there is nothing to say", () => {
    expect(diagnose(recordOf({ ...facts, from: 1000 }))).toEqual([]);
  });
});
