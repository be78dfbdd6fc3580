import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LiveRun } from "../../src/session/liveRun.ts";
import { createObserver } from "../../src/session/observer.ts";
import { createReporter } from "../../src/session/reporter.ts";

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

/** An observer of a run whose looks take these milliseconds, and a function that puts the run to a step at a time. */
function observed(took: readonly number[]) {
  const left = [...took];
  const run = {
    step: 0,
    evaluate: () => Promise.resolve({ loss: 1, accuracy: 0.5 }),
    predict: () => {
      now += left.shift() ?? 0;
      return Promise.resolve();
    },
  };
  const live = { run, data: { splits: { train: { count: 1 }, validation: { count: 1 } } }, view: { draw: () => ({}) } };
  const observer = createObserver({
    ...{ live: live as unknown as LiveRun, reporter: createReporter(() => {}), emit: () => {} },
    wishes: () => ({ stepsPerSecond: Number.POSITIVE_INFINITY, isMeasuring: false, isExamining: false }),
  });
  const isDueAt = (time: number, step: number) => {
    now = time;
    run.step = step;
    return observer.isDue(step);
  };
  return { observer, isDueAt };
}

test("the first steps are looked at at once, however long the look before them took", async () => {
  const { observer, isDueAt } = observed([80]);
  await observer.look();
  expect(isDueAt(80, 0)).toBe(false);
  expect(isDueAt(81, 1)).toBe(true);
});

test("looks take a fifth of the time while a run grows, and one that something held up delays none", async () => {
  const { observer, isDueAt } = observed([80, 4, 90, 4]);
  await observer.look();
  expect(isDueAt(100, 5)).toBe(true);
  await observer.look();
  // Ended at 104; a look takes 4
  expect(isDueAt(123, 50)).toBe(false);
  expect(isDueAt(124, 50)).toBe(true);
  await observer.look();
  expect(isDueAt(233, 500)).toBe(false);
  expect(isDueAt(234, 500)).toBe(true);
});

test("a run that is hardly longer than at the last look waits a tenth of a second", async () => {
  const { observer, isDueAt } = observed([4, 4]);
  isDueAt(0, 100);
  await observer.look();
  expect(isDueAt(103, 124)).toBe(false);
  expect(isDueAt(103, 125)).toBe(true);
  expect(isDueAt(104, 124)).toBe(true);
});

test("what is slow for long is looked at seldom", async () => {
  const { observer, isDueAt } = observed([4, 100, 100, 100, 100]);
  for (let look = 0; look < 5; look++) {
    isDueAt(now, 10 ** look);
    await observer.look();
  }
  const ended = now;
  expect(isDueAt(ended + 499, 10 ** 6)).toBe(false);
  expect(isDueAt(ended + 500, 10 ** 6)).toBe(true);
});
