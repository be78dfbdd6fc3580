import { expect, test } from "vitest";
import type { Finding } from "../../src/session/diagnosis/index.ts";
import type { RunSummary } from "../../src/session/protocol.ts";
import { readingOf, type Situation } from "../../src/ui/reading.ts";

const summary: RunSummary = {
  device: { kind: "cpu", label: "CPU", reason: "as chosen", software: false },
  parameterCount: 371,
  statePerParameter: 2,
  memory: {},
  callsPerStep: 12,
  checkpointing: { bytes: [4_800_000, 1_200_000], calls: [12, 20], multiplications: [300, 400] },
  bytesPerNumber: 4,
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
  failed: false,
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
  finding: undefined,
};

const advice: Finding = {
  ...{ kind: "overfitting", severity: "warn", sentence: "Overfitting since step 40." },
  ...{ detail: "Validation loss rose 40 %.", evidence: {}, reason: "", remedies: [] },
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

test("a way back is told with how much of it is done, in place of the stop that it leads away from", () => {
  const nonFinite = { step: 1873, tensor: "layers.2.weight" };
  const progress = { message: "Going back to step 1,852.", fraction: 0.456 };
  const reading = readingOf({ ...situation, step: 1872, nonFinite, progress });
  expect(reading.kind).toBe("progress");
  expect(reading.fact).toBe("Going back to step 1,852.");
  expect(reading.rest).toContain("46\u2009% of the way");
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

test("advice is given while the run goes on and while it is paused, and gives way to what is urgent", () => {
  const advised = { ...situation, step: 90, finding: advice };
  for (const playing of [true, false]) {
    const reading = readingOf({ ...advised, playing });
    expect(reading).toEqual({ kind: "advice", fact: advice.sentence, rest: advice.detail });
  }
  expect(readingOf({ ...advised, notice: "The GPU was reset." }).kind).toBe("notice");
  expect(readingOf({ ...advised, stopped: "Stopped after 3 epochs, as many as were set." }).kind).toBe("ended");
});

test("what an expert says of a healthy run takes the place of the word training, with the losses", () => {
  const finding: Finding = { ...advice, kind: "healthy", severity: "fine", sentence: "Learning." };
  const reading = readingOf({ ...situation, playing: true, step: 90, finding });
  expect(reading).toMatchObject({ kind: "running", fact: "Learning." });
  expect(reading.rest).toContain("validation loss 0.500");
  expect(readingOf({ ...situation, step: 90, finding }).fact).toBe("Paused at step 90.");
});

test("a run that broke says what the diagnosis knows of the place", () => {
  const nonFinite = { step: 12, tensor: "layers.0.weight" };
  const finding: Finding = { ...advice, kind: "notANumber", severity: "stopped", detail: "It began in layer 1 of 3." };
  expect(readingOf({ ...situation, nonFinite, finding }).rest).toBe("It began in layer 1 of 3.");
  // What was said of the run before it broke is no longer what matters.
  expect(readingOf({ ...situation, nonFinite, finding: advice }).rest).toBe("It began in layers.0.weight.");
});
