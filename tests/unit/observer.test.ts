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

/** Longer than the head start that the looks at the beginning have. */
const LONG = 200;

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

test("a run that is over in an instant was looked at whenever it was a quarter longer", async () => {
  const { observer, isDueAt } = observed(Array.from({ length: 99 }, () => 4));
  await observer.look();
  const lookedAt: number[] = [];
  for (let step = 1; step <= 100; step++) {
    if (!isDueAt(now, step)) continue;
    await observer.look();
    lookedAt.push(step);
  }
  expect(lookedAt).toEqual([1, 2, 3, 4, 5, 7, 9, 12, 15, 19, 24, 30, 38, 48, 60, 75, 94]);
});

test("looks take a fifth of the time while a run grows, and one that something held up delays none", async () => {
  const { observer, isDueAt } = observed([4, LONG, 4, 90, 4]);
  await observer.look();
  isDueAt(10, 1);
  await observer.look();
  // Ended at 210; a look takes 4
  expect(isDueAt(229, 5)).toBe(false);
  expect(isDueAt(230, 5)).toBe(true);
  await observer.look();
  expect(isDueAt(253, 50)).toBe(false);
  expect(isDueAt(254, 50)).toBe(true);
  await observer.look();
  expect(isDueAt(363, 500)).toBe(false);
  expect(isDueAt(364, 500)).toBe(true);
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
