import { expect, test } from "vitest";
import { withKept } from "../../src/data/kept.ts";
import { withLabelNoise } from "../../src/data/labelNoise.ts";
import { type PreparedData, prepareExamples } from "../../src/data/prepare.ts";

const count = 200;

/** Examples whose one input is their own number. */
const data: PreparedData = prepareExamples(
  {
    task: "classification",
    inputs: Float32Array.from({ length: count }, (_, row) => row),
    targets: Float32Array.from({ length: count }, (_, row) => row % 2),
    featureNames: ["number"],
    targetNames: ["even", "odd"],
  },
  { seed: 3, train: 0.5, validation: 0.25 },
);
const rows = (some: PreparedData) => [...some.splits.train.inputs];

test("all of the training split kept is the data as they were", () => {
  expect(withKept(data, { seed: 3, kept: 1 })).toBe(data);
});

test("a fifth kept is a fifth of the training examples, each with its own target, in their order", () => {
  const { splits, notes } = withKept(data, { seed: 3, kept: 0.2 });
  expect(splits.train.count).toBe(20);
  const kept = [...splits.train.inputs];
  expect(kept).toEqual([...kept].sort((a, b) => a - b));
  expect([...splits.train.targets]).toEqual(kept.map((row) => row % 2));
  expect(notes.at(-1)).toBe("Trained on 20 of 100 training examples.");
});

test("validation and test stay what they are", () => {
  const { splits } = withKept(data, { seed: 3, kept: 0.2 });
  expect(splits.validation).toBe(data.splits.validation);
  expect(splits.test).toBe(data.splits.test);
});

test("what a smaller part keeps, a larger one keeps too", () => {
  const larger = new Set(rows(withKept(data, { seed: 3, kept: 0.6 })));
  const smaller = rows(withKept(data, { seed: 3, kept: 0.1 }));
  expect(smaller.filter((row) => !larger.has(row))).toEqual([]);
});

test("at least one example is left", () => {
  expect(withKept(data, { seed: 3, kept: 0.001 }).splits.train.count).toBe(1);
});

test("another seed keeps other examples", () => {
  expect(rows(withKept(data, { seed: 4, kept: 0.2 }))).not.toEqual(rows(withKept(data, { seed: 3, kept: 0.2 })));
});

test("label noise falls on the same examples, whatever is kept, and their clean labels come along", () => {
  const noisy = withLabelNoise(data, { seed: 3, labelNoise: 0.3 });
  const kept = withKept(noisy, { seed: 3, kept: 0.4 });
  const labelOf = new Map(rows(noisy).map((row, index) => [row, noisy.splits.train.targets[index]]));
  expect([...kept.splits.train.targets]).toEqual(rows(kept).map((row) => labelOf.get(row)));
  expect([...(kept.cleanTargets ?? [])]).toEqual(rows(kept).map((row) => row % 2));
});
