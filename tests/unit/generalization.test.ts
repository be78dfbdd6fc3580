import { expect, test } from "vitest";
import { generalizationOf } from "../../src/session/generalization.ts";
import type { Evaluation } from "../../src/session/protocol.ts";

/** Steps between two evaluations. */
const every = 10;

/** A curve of losses by step. */
const curve = (count: number, lossAt: (step: number) => number): readonly Evaluation[] =>
  Array.from({ length: count }, (_, index) => ({
    step: index * every,
    loss: lossAt(index * every),
    accuracy: undefined,
  }));

/** Between -1 and 1, the same for a step at every call. */
const wobble = (step: number): number => ((step * 7919) % 201) / 100 - 1;

const falling = (step: number): number => Math.exp(-step / 300);
const train = curve(200, falling);

test("before the first pair of evaluations there is no gap", () => {
  expect(generalizationOf([], [])).toBeUndefined();
  expect(generalizationOf(train, [])).toBeUndefined();
});

test("the gap is validation minus training loss, and the ratio their quotient", () => {
  const found = generalizationOf(
    curve(1, () => 0.25),
    curve(1, () => 0.75),
  );
  expect(found).toMatchObject({ step: 0, train: 0.25, validation: 0.75, gap: 0.5, ratio: 3 });
});

test("a training loss of zero has no ratio", () => {
  const found = generalizationOf(
    curve(1, () => 0),
    curve(1, () => 1),
  );
  expect(found?.ratio).toBeUndefined();
});

test("a gap that opens at step 800 grows since about then", () => {
  const validation = curve(200, (step) => falling(step) + 0.001 * Math.max(0, step - 800) + 0.005 * wobble(step));
  const since = generalizationOf(train, validation)?.growsSince ?? Number.NaN;
  // The onset is where a tenth of the rise of 1.19 is reached: at most 119 steps and a window of five late.
  expect(since).toBeGreaterThanOrEqual(800);
  expect(since).toBeLessThanOrEqual(800 + 119 + 5 * every);
});

test("a gap that only wobbles does not grow", () => {
  const validation = curve(200, (step) => falling(step) + 0.02 + 0.02 * wobble(step));
  expect(generalizationOf(train, validation)?.growsSince).toBeUndefined();
});

test("a gap that has closed again does not grow", () => {
  const validation = curve(200, (step) => falling(step) + Math.max(0, 0.4 - Math.abs(step - 1000) / 1000));
  expect(generalizationOf(train, validation)?.growsSince).toBeUndefined();
});

test("a run that does better on validation than on training has no growing gap", () => {
  const validation = curve(200, (step) => falling(step) - 0.3 + 0.0001 * step);
  const found = generalizationOf(train, validation);
  expect(found?.gap).toBeLessThan(0);
  expect(found?.growsSince).toBeUndefined();
});

test("the best point is the first lowest validation loss", () => {
  const validation = curve(200, (step) => Math.abs(step - 500));
  expect(generalizationOf(train, validation)?.best.step).toBe(500);
});

test("ten thousand evaluations are dated as well as two hundred", () => {
  const long = (lossAt: (step: number) => number) => curve(10_000, lossAt);
  const validation = long((step) => Math.max(0, step - 40_000) / 10_000);
  const since =
    generalizationOf(
      long(() => 0),
      validation,
    )?.growsSince ?? Number.NaN;
  expect(since).toBeGreaterThanOrEqual(40_000);
  expect(since).toBeLessThanOrEqual(40_000 + 0.1 * 60_000 + (10_000 / 512) * every * 2);
});
