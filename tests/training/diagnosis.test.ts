import { describe, expect, test } from "vitest";
import type { RunConfig } from "../../src/session/config.ts";
import { diagnose, type FindingKind, type RunRecord } from "../../src/session/diagnosis/index.ts";
import { presetOf } from "../../src/session/presets/index.ts";
import { recordRun } from "./recordRun.ts";
import { configOf } from "./runOf.ts";

const kindsOf = (run: RunRecord): readonly string[] => diagnose(run).map(({ kind }) => kind);

/** The run as it was known at a part of its way: what was measured at its end was not known then. */
function upTo(run: RunRecord, part: number): RunRecord {
  const end = part * (run.curve.step.at(-1) ?? 0);
  const rows = run.curve.step.filter((step) => step <= end).length;
  const columns = Object.entries(run.curve).map(([name, values]) => [name, values.slice(0, rows)] as const);
  const { measured: _, ...rest } = run;
  return {
    ...rest,
    curve: Object.fromEntries(columns) as unknown as RunRecord["curve"],
    train: run.train.filter(({ step }) => step <= end),
    validation: run.validation.filter(({ step }) => step <= end),
  };
}

/** The same run with other examples, weights and batches. */
const withSeeds = (config: RunConfig, added: number): RunConfig => ({
  ...config,
  data: { ...config.data, seed: config.data.seed + added },
  model: { ...config.model, seed: config.model.seed + added },
  compute: { ...config.compute, seed: config.compute.seed + added },
});

const parts = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1];

describe.each([
  "spirals",
  "moons",
  "circles",
  "sineRegression",
  "overfitMoreData",
  "learningRateRight",
  "vanishingCured",
  "deadReluCured",
  "initialRight",
  "batchSmall",
  "plainSgd",
  "momentum",
  "adam",
  "f16LossScaling",
])("the healthy run %s", (name) => {
  test.each([0, 1, 2])("gives no alarm at any time, seeds + %i", async (added) => {
    const { config, result } = presetOf(name);
    const run = await recordRun(withSeeds(config, added), result.steps);
    expect(parts.map((part) => kindsOf(upTo(run, part)))).toEqual(parts.map(() => ["healthy"]));
    expect(kindsOf(run)).toEqual(["healthy"]);
  });
});

test.each<readonly [preset: string, first: FindingKind]>([
  ["overfit", "overfitting"],
  ["memoriseNoise", "overfitting"],
  ["initialTooLarge", "overfitting"],
  ["underfit", "underfitting"],
  ["learningRateTooLow", "learningRateTooSmall"],
  ["learningRateTooHigh", "diverging"],
  ["learningRateNaN", "notANumber"],
  ["vanishing", "vanishing"],
  ["initialTooSmall", "vanishing"],
  ["exploding", "notANumber"],
  ["explodingClipped", "alwaysClipped"],
  ["deadRelu", "deadUnits"],
  ["f16Underflow", "f16Underflow"],
  ["batchOne", "noisyBatch"],
])("of the preset %s, the first thing to say is %s", async (name, first) => {
  const { config, result } = presetOf(name);
  const run = await recordRun(config, result.steps);
  expect(kindsOf(run)[0]).toBe(first);
});

test("without measurements, a vanishing gradient is seen as what it does: a plateau", async () => {
  const { config, result } = presetOf("vanishing");
  const run = await recordRun(config, result.steps);
  expect(kindsOf(upTo(run, 1))).toEqual(["plateau"]);
});

test("weights that are several times too large for their depth are seen as an exploding gradient", async () => {
  const config = configOf({
    data: { kind: "sine" },
    model: {
      layers: Array.from({ length: 6 }, () => ({ width: 24, activation: "relu" })),
      initializer: { kind: "heUniform", gain: 2 },
    },
    optimizer: { kind: "sgd", learningRate: 1e-11 },
  });
  const finding = diagnose(await recordRun(config, 100)).find(({ kind }) => kind === "exploding");
  expect(finding?.evidence.usual).toBeGreaterThan(1000);
  expect(finding?.remedies.map(({ label }) => label)).toEqual([
    "Clip the norm at 1",
    "Initial weights × 1",
    "Learning rate 1e−12",
  ]);
});

test("activations that no float16 can hold are seen as an overflow that no loss scale mends", async () => {
  const layers = Array.from({ length: 4 }, () => ({ width: 32, activation: "relu" }));
  const config = configOf({
    data: { kind: "sine" },
    model: { layers, initializer: { kind: "heUniform", gain: 20 } },
    compute: { precision: "f16" },
  });
  const [finding] = diagnose(await recordRun(config, 100));
  expect(finding).toMatchObject({ kind: "f16Overflow", evidence: { skipped: 1 } });
});

test("a run that became no number names its tensor, layer and step, and says nothing else", async () => {
  const { config, result } = presetOf("learningRateNaN");
  const findings = diagnose(await recordRun(config, result.steps));
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ severity: "stopped", evidence: { step: expect.any(Number) } });
  expect(findings[0]?.detail).toMatch(/^It began in layers\.0\.weight, in layer 1 of 3\./);
});

test("overfitting is dated to the step after which validation only got worse", async () => {
  const { config, result } = presetOf("memoriseNoise");
  const run = await recordRun(config, result.steps);
  const [finding] = diagnose(run);
  const best = run.validation.reduce((a, b) => (b.loss < a.loss ? b : a));
  const apart = (run.validation[1]?.step ?? 0) - (run.validation[0]?.step ?? 0);
  expect(Math.abs((finding?.evidence.since ?? Number.NaN) - best.step)).toBeLessThanOrEqual(2 * apart);
});

describe("the first remedy, taken from the start, cures", () => {
  test.each([
    "overfit",
    "underfit",
    "learningRateTooLow",
    "learningRateTooHigh",
    "learningRateNaN",
    "vanishing",
    "initialTooSmall",
    "explodingClipped",
    "deadRelu",
    "f16Underflow",
  ])("%s", async (name) => {
    const { config, result } = presetOf(name);
    const before = diagnose(await recordRun(config, result.steps))[0];
    const remedy = before?.remedies[0];
    const cured = await recordRun(remedy?.change(config) ?? config, Math.max(600, result.steps));
    expect(kindsOf(cured), remedy?.label).not.toContain(before?.kind);
    expect(kindsOf(cured), remedy?.label).not.toContain("notANumber");
  });
});
