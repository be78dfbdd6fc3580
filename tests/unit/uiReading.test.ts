import { expect, test } from "vitest";
import type { RunSummary } from "../../src/session/protocol.ts";
import { readingOf, type Situation } from "../../src/ui/reading.ts";

const summary: RunSummary = {
  device: { kind: "cpu", label: "CPU", reason: "as chosen", software: false },
  parameterCount: 371,
  statePerParameter: 2,
  memory: {},
  callsPerStep: 12,
  task: "classification",
  featureNames: ["x₁", "x₂"],
  targetNames: ["A", "B"],
  counts: { train: 420, validation: 90, test: 90 },
  stepsPerEpoch: 14,
  dataNotes: ["3 rows were dropped."],
  milliseconds: 10,
};

const situation: Situation = {
  nonFinite: undefined,
  asksTestAgain: false,
  testsUsed: 0,
  missingFile: undefined,
  progress: undefined,
  notice: undefined,
  test: undefined,
  preparing: false,
  playing: false,
  stopped: undefined,
  step: 0,
  summary,
  readings: {
    epoch: 2,
    loss: 0.25,
    gradNorm: 1,
    learningRate: 0.01,
    stepsPerSecond: 100,
    train: undefined,
    validation: { step: 10, loss: 0.5, accuracy: 0.9 },
  },
};

test("a fresh run says what Play will do and what happened to the data", () => {
  const { fact, rest } = readingOf(situation);
  expect(fact).toBe("Ready.");
  expect(rest).toContain("371 parameters on 420 examples");
  expect(rest).toContain("3 rows were dropped.");
});

test("a running one gives both losses and the accuracy", () => {
  const reading = readingOf({ ...situation, playing: true, step: 10 });
  expect(reading.kind).toBe("running");
  expect(reading.rest).toBe("Training loss 0.250, validation loss 0.500 (90.0\u2009% right).");
});

test("a number that is none comes before everything else and names its tensor", () => {
  const nonFinite = { step: 1873, tensor: "layers.2.weight" };
  const reading = readingOf({ ...situation, playing: true, step: 1900, nonFinite, notice: "The GPU was reset." });
  expect(reading.kind).toBe("stopped");
  expect(reading.fact).toContain("1,873");
  expect(reading.rest).toContain("layers.2.weight");
});

test("the test split's result stays while training goes on, and a second use is called one", () => {
  const evaluation = { step: 40, loss: 0.4, accuracy: 0.95 };
  const first = readingOf({ ...situation, playing: true, step: 50, test: { evaluation, times: 1 } });
  expect(first.fact).toContain("step 40");
  expect(first.rest).toContain("Used once");
  expect(readingOf({ ...situation, test: { evaluation, times: 2 } }).rest).toContain("Used twice");
  expect(readingOf({ ...situation, asksTestAgain: true, testsUsed: 1 }).fact).toContain("has been used once already");
});

test("a run that waits for its file names the file", () => {
  expect(readingOf({ ...situation, summary: undefined, missingFile: "iris.csv" }).fact).toContain("iris.csv");
});

test("a run that ended by itself says why, until training goes on", () => {
  const stopped = "Stopped after epoch 12: no better validation loss for 5 epochs; weights of epoch 7 restored.";
  const reading = readingOf({ ...situation, step: 168, stopped });
  expect(reading).toMatchObject({ kind: "ended", fact: stopped });
  expect(reading.rest).toContain("validation loss 0.500");
  expect(readingOf({ ...situation, step: 169, playing: true, stopped: undefined }).kind).toBe("running");
});
