import { expect, test } from "vitest";
import { defaultConfig } from "../../src/session/config.ts";
import { horizonOf, scheduleCurve, stepsOfRun } from "../../src/ui/ingredients/scheduleCurve.ts";
import { keptPerParameter } from "../../src/ui/optimizerMemory.ts";

const { optimizer } = defaultConfig;
const cosine = {
  ...optimizer,
  schedule: { kind: "cosine", totalSteps: 500, finalFraction: 0, warmupSteps: 100 },
} as const;
const batch = { batchSize: 32, accumulation: 1 };

test("the picture of a schedule covers its warm-up and shape, or the whole run where that has an end", () => {
  expect(horizonOf(cosine, 0, 1)).toBe(600);
  expect(horizonOf(cosine, 50, 1)).toBe(50);
});

test("the whole run ends at its steps or with its epochs, whichever comes first", () => {
  const limits = (steps: number, epochs: number, stepsPerEpoch?: number) =>
    stepsOfRun({ stopping: { steps, epochs }, stepsPerEpoch });
  expect([limits(0, 0, 7), limits(50, 0, 7), limits(0, 3, 7), limits(50, 3, 7), limits(20, 3, 7)]).toEqual([
    ...[0, 50, 21, 21, 20],
  ]);
  expect([limits(0, 3), limits(50, 3)]).toEqual([0, 50]);
});

test("the picture doubles when the run goes beyond it", () => {
  expect(horizonOf(cosine, 0, 601)).toBe(1200);
  expect(horizonOf(cosine, 0, 4000)).toBe(4800);
});

test("the curve goes from the first step to the horizon and knows its highest rate", () => {
  const { steps, rates, most } = scheduleCurve(cosine, batch, 600);
  expect([steps[0], steps.at(-1)]).toEqual([1, 600]);
  expect(rates[0]).toBeCloseTo(optimizer.learningRate / 100, 12);
  expect(rates.at(-1)).toBeLessThan(1e-4);
  expect(most).toBeGreaterThan(0.99 * optimizer.learningRate);
});

test("a rate that grows beyond all numbers still has a place in the picture", () => {
  const growing = { ...optimizer, schedule: { kind: "exponential", factor: 2, warmupSteps: 0 } } as const;
  const { rates, most } = scheduleCurve(growing, batch, 1e5);
  expect(most).toBe(Number.MAX_VALUE);
  expect(rates.every((rate) => Number.isFinite(rate / most))).toBe(true);
});

test.each([
  [0, "Adam keeps no more numbers per parameter."],
  [1, "Adam keeps one more number per parameter."],
  [2, "Adam keeps two more numbers per parameter."],
  [2.4567, "Adam keeps 2.5 more numbers per parameter."],
])("a state of %d numbers per parameter is told in words", (numbers, text) => {
  expect(keptPerParameter("Adam", numbers)).toBe(text);
});
