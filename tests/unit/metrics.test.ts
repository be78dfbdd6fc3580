import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMetrics, type MetricsWindow } from "../../src/session/metrics.ts";
import type { MetricsBatch } from "../../src/session/protocol.ts";

/** A batch of steps from `first` on with these losses; the gradient norm is their opposite. */
function batchOf(losses: readonly number[], first = 1): MetricsBatch {
  return {
    step: Float64Array.from(losses, (_, i) => first + i),
    loss: Float64Array.from(losses),
    gradNorm: Float64Array.from(losses, (loss) => -loss),
    learningRate: Float64Array.from(losses, (_, i) => 1 / (first + i)),
    penalty: new Float64Array(losses.length),
    clipFactor: Float64Array.from(losses, (_, i) => (i % 4 === 0 ? 0.5 : 1)),
    seconds: new Float64Array(losses.length).fill(0.5),
    epoch: 0,
    stepsPerSecond: 1,
    train: [],
    validation: [],
  };
}

function historyOf(losses: readonly number[], pieces = 1) {
  const history = createMetrics();
  const size = Math.max(1, Math.ceil(losses.length / pieces));
  for (let start = 0; start < losses.length; start += size) {
    history.append(batchOf(losses.slice(start, start + size), start + 1));
  }
  return history;
}

/** The smallest power of two whose buckets are at most `points`, looked for as the definition says. */
function bucketSize(length: number, points: number): number {
  let size = 1;
  while (Math.ceil(length / size) > points) size *= 2;
  return size;
}

function bruteForce(
  losses: readonly number[],
  points: number,
): Pick<MetricsWindow, "step" | "loss" | "lossMin" | "lossMax"> {
  const size = bucketSize(losses.length, points);
  const buckets = Array.from({ length: Math.ceil(losses.length / size) }, (_, i) =>
    losses.slice(i * size, (i + 1) * size),
  );
  const finite = buckets.map((bucket) => bucket.filter(Number.isFinite));
  const of = (reduce: (values: readonly number[]) => number) =>
    Float64Array.from(finite, (values) => (values.length === 0 ? Number.NaN : reduce(values)));
  return {
    step: Float64Array.from(buckets, (bucket, i) => i * size + bucket.length),
    loss: of((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    lossMin: of((values) => Math.min(...values)),
    lossMax: of((values) => Math.max(...values)),
  };
}

// Whole numbers below 2^20: sums of a thousand of them are exact in any order. Zero has one sign.
const loss = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 2 ** 20 }).map((value) => value + 1) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);

describe("a window", () => {
  test("equals brute force, whatever the history, its pieces and the number of points", () => {
    fc.assert(
      fc.property(
        fc.array(loss, { maxLength: 300, size: "max" }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 400 }),
        (losses, pieces, points) => {
          const window = historyOf(losses, pieces).window(points);
          expect(window).toMatchObject(bruteForce(losses, points));
          expect(window.step.length).toBeLessThanOrEqual(points);
          expect(window.gradNormMax).toEqual(window.lossMin.map((value) => -value));
          expect(window.gradNormMin).toEqual(window.lossMax.map((value) => -value));
          expect(window.learningRate).toEqual(window.step.map((step) => 1 / step));
        },
      ),
    );
  });

  test("shows one spike among a million steps", () => {
    const losses = new Array<number>(1_000_000).fill(1);
    losses[777_777] = 1e9;
    const { lossMax, lossMin, step } = historyOf(losses, 100).window(500);
    const bucket = step.findIndex((last) => last >= 777_778);
    expect(lossMax[bucket]).toBe(1e9);
    expect(lossMax.filter((value) => value > 1)).toHaveLength(1);
    expect(lossMin.every((value) => value === 1)).toBe(true);
    expect(step.at(-1)).toBe(1_000_000);
  });

  test("of an empty history is empty", () => expect(createMetrics().window(10).loss).toHaveLength(0));

  test.each([0, -1, 1.5, Number.NaN])("of %d points is refused", (points) => {
    expect(() => createMetrics().window(points)).toThrow(RangeError);
  });
});

describe("a history", () => {
  test("keeps what is not finite as a gap that spares its neighbours", () => {
    const history = historyOf([1, Number.NaN, 3, Number.POSITIVE_INFINITY]);
    expect(history.loss).toEqual(Float64Array.of(1, Number.NaN, 3, Number.NaN));
    const { loss: mean, lossMin, lossMax } = history.window(1);
    expect([mean[0], lossMin[0], lossMax[0]]).toEqual([2, 1, 3]);
  });

  test("keeps every row and evaluation in order while its columns grow", () => {
    const losses = Array.from({ length: 5000 }, (_, i) => i);
    const history = historyOf(losses, 7);
    history.append({ ...batchOf([]), validation: [{ step: 5000, loss: 0.5, accuracy: 1 }] });
    expect(history.length).toBe(5000);
    expect([...history.loss]).toEqual(losses);
    expect([...history.step]).toEqual(losses.map((i) => i + 1));
    expect(history.validation).toEqual([{ step: 5000, loss: 0.5, accuracy: 1 }]);
    expect(history.train).toEqual([]);
  });

  test("starts over when it is cleared", () => {
    const history = historyOf([5, 6, 7]);
    history.clear();
    expect(history.length).toBe(0);
    history.append(batchOf([1, 2]));
    expect(history.window(1)).toMatchObject({
      step: Float64Array.of(2),
      lossMin: Float64Array.of(1),
      lossMax: Float64Array.of(2),
    });
  });

  test("refuses columns of different lengths and stays as it was", () => {
    const history = historyOf([1]);
    expect(() => history.append({ ...batchOf([1, 2]), loss: Float64Array.of(1) })).toThrow(/2, 1, 2, 2, 2, 2, 2 rows/);
    expect(history.length).toBe(1);
  });
});
