import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMetrics } from "../../src/session/metrics.ts";
import type { MetricsBatch } from "../../src/session/protocol.ts";
import { type MetricsWindow, MOST_ROWS } from "../../src/session/stepHistory.ts";

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
          expect(window.seconds).toEqual(window.step.map((step) => step / 2));
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

describe("a window on a part", () => {
  const losses = Array.from({ length: 5000 }, (_, i) => i);

  test("is as sharp as its length allows, and reaches past both borders", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 300 }), (fromStep, length) => {
        const toStep = Math.min(5000, fromStep + length);
        const history = historyOf(losses);
        const { step, loss: mean, lossMin, lossMax } = history.window(100, { fromStep, toStep });
        expect(step.length).toBeLessThanOrEqual(100);
        // 302 rows and more fit into 100 buckets of four.
        expect(step.every((last, i) => i === 0 || last - (step[i - 1] ?? 0) <= 4)).toBe(true);
        expect(step.at(-1)).toBeGreaterThanOrEqual(toStep);
        expect(lossMin[0]).toBeLessThanOrEqual(fromStep - 1);
        for (let i = 1; i < step.length; i++) {
          const rows = losses.slice(step[i - 1], step[i]);
          expect([lossMin[i], lossMax[i]]).toEqual([rows[0], rows.at(-1)]);
          expect(mean[i]).toBe(rows.reduce((sum, value) => sum + value, 0) / rows.length);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("on a log axis has the first steps one by one, as many points for each doubling, and leaves none out", () => {
    const { step, lossMin, lossMax } = historyOf(losses).window(128, { log: true });
    expect([...step.subarray(0, 8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(step.length).toBeLessThanOrEqual(2 * 128);
    expect(step.at(-1)).toBe(5000);
    const between = (low: number, high: number) => step.filter((value) => value > low && value <= high).length;
    expect(between(1024, 2048)).toBe(between(2048, 4096));
    for (let i = 1; i < step.length; i++) {
      expect([lossMin[i], lossMax[i]]).toEqual([step[i - 1], (step[i] ?? 0) - 1]);
    }
  });
});

describe("a truncated history", () => {
  test("equals one that never went further, whatever comes after", () => {
    fc.assert(
      fc.property(
        fc.array(loss, { minLength: 1, maxLength: 200, size: "max" }),
        fc.nat({ max: 200 }),
        fc.array(loss, { maxLength: 100 }),
        fc.integer({ min: 1, max: 50 }),
        (before, step, after, points) => {
          const kept = before.slice(0, step);
          const history = historyOf(before, 3);
          history.truncate(step);
          history.append(batchOf(after, kept.length + 1));
          expect(history.window(points)).toMatchObject(bruteForce([...kept, ...after], points));
        },
      ),
    );
  });

  test("forgets later evaluations, measurements, and a best that came later", () => {
    const history = historyOf([1, 2, 3, 4]);
    const validation = [4, 2, 3, 1].map((value, i) => ({ step: i + 1, loss: value, accuracy: undefined }));
    history.append({ ...batchOf([]), validation });
    for (const step of [1, 2, 3, 4]) history.measure({ step, tensors: [], layers: [], liveBytes: step });
    expect(history.best?.step).toBe(4);
    history.truncate(3);
    expect(history.validation).toEqual(validation.slice(0, 3));
    expect(history.evaluations("validation", "loss", 10)).toEqual(validation.slice(0, 3));
    expect(history.best?.step).toBe(2);
    expect(history.measured.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(history.secondsAt(4)).toBe(1.5);
  });
});

describe("evaluations", () => {
  test("of a run that was evaluated twice at a step are the newer one, in every window", () => {
    const at = (step: number, loss: number) => ({ step, loss, accuracy: undefined });
    const long = Array.from({ length: 63 }, (_, index) => at(index, 1 + (index % 7)));
    for (const before of [[at(0, 3)], [at(0, 3), at(8, 2)], [...long, at(63, 99)]]) {
      const { step } = before.at(-1) ?? at(0, 0);
      const history = createMetrics();
      history.append({ ...batchOf([]), validation: before });
      history.append({ ...batchOf([]), validation: [at(step, 4), at(step + 1, 5)] });
      expect(history.validation).toEqual([...before.slice(0, -1), at(step, 4), at(step + 1, 5)]);
      expect(history.evaluations("validation", "loss", 100)).toEqual(history.validation);
      expect(history.validation).toContain(history.best);
      const straight = createMetrics();
      straight.append({ ...batchOf([]), validation: history.validation });
      for (const points of [4, 16]) {
        expect(history.evaluations("validation", "loss", points)).toEqual(
          straight.evaluations("validation", "loss", points),
        );
      }
    }
  });

  const evaluations = Array.from({ length: 10_000 }, (_, index) => ({
    step: index,
    loss: index === 4321 ? 50 : 1 + Math.sin(index / 300),
    accuracy: index === 1234 ? 0 : 0.5 + index / 20_000,
  }));
  const history = createMetrics();
  history.append({ ...batchOf([]), train: evaluations, validation: evaluations });

  test("of steps that are computed again are known", () => {
    const at = (step: number, loss: number) => ({ step, loss, accuracy: undefined });
    const history = createMetrics();
    history.append({ ...batchOf([]), validation: [at(0, 3), at(8, 2), at(16, 1)] });
    history.append({ ...batchOf([]), validation: [at(10, 1.5), at(16, 1), at(24, 0.5)] });
    expect(history.validation.map(({ step }) => step)).toEqual([0, 8, 16, 24]);
    history.append({ ...batchOf([]), validation: [at(20, 0.1), at(24, 0.6)] });
    expect(history.best).toEqual(at(24, 0.6));
  });

  test("of a long run keep few points, their spikes, the newest one and their order", () => {
    const kept = history.evaluations("validation", "loss", 200);
    expect(kept.length).toBeLessThanOrEqual(250);
    expect(kept).toContain(evaluations[4321]);
    expect(kept.at(-1)).toBe(evaluations.at(-1));
    const steps = kept.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(history.evaluations("train", "accuracy", 200)).toContain(evaluations[1234]);
  });

  test("of a part come with one more on each side, whole where they are few", () => {
    const kept = history.evaluations("validation", "loss", 200, { fromStep: 4300, toStep: 4330 });
    expect(kept).toEqual(evaluations.slice(4300, 4332));
    const between = history.evaluations("validation", "loss", 200, { fromStep: 4300.5, toStep: 4301.5 });
    expect(between).toEqual(evaluations.slice(4300, 4303));
  });

  test("know the earliest best, and a loss that is not finite is none", () => {
    const other = createMetrics();
    const of = (losses: readonly number[]) => losses.map((value, step) => ({ step, loss: value, accuracy: undefined }));
    other.append({ ...batchOf([]), validation: of([Number.NaN, 3, 1, 1, 2]) });
    expect(other.best?.step).toBe(2);
  });
});

test("measurements of the newest step replace those of the same step, and long runs keep a bounded number", () => {
  const history = createMetrics();
  for (let step = 1; step <= 10_000; step++) history.measure({ step, tensors: [], layers: [], liveBytes: 1 });
  history.measure({ step: 10_000, tensors: [], layers: [], liveBytes: 2 });
  expect(history.measured.length).toBeLessThanOrEqual(2048);
  expect(history.measured.length).toBeGreaterThan(1000);
  expect(history.measured.at(-1)).toEqual({ step: 10_000, tensors: [], liveBytes: 2 });
  expect(history.measured.map(({ step }) => step)).toEqual([...new Set(history.measured.map(({ step }) => step))]);
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

test("a run that goes on for ever keeps a bounded number of rows, and what the others spanned", () => {
  const metrics = createMetrics();
  const count = 2 ** 16;
  const last = 2.5 * MOST_ROWS;
  const spike = 4 * count + 12_345;
  const dip = 7 * count + 321;
  // Odd steps have the higher loss: they are what halving keeps, and never the last of a batch
  const lossAt = (step: number) => (step === spike ? 9 : step === dip ? 0.25 : 1 + (step % 2));
  for (let first = 1; first <= last; first += count) {
    metrics.append(
      batchOf(
        Array.from({ length: count }, (_, index) => lossAt(first + index)),
        first,
      ),
    );
  }
  expect(metrics.length).toBeLessThanOrEqual(MOST_ROWS);
  expect(metrics.length).toBeGreaterThan(MOST_ROWS / 2);
  const { step, lossMin, lossMax } = metrics.window(500);
  expect(Math.max(...lossMax)).toBe(9);
  expect(Math.min(...lossMin)).toBe(0.25);
  const bucket = lossMax.indexOf(9);
  expect(step[bucket]).toBeGreaterThanOrEqual(spike);
  expect(step[bucket - 1]).toBeLessThan(spike);
  expect(step.every((at, index) => index === 0 || at > step[index - 1]!)).toBe(true);
  expect(step.at(-1)).toBe(last);
  expect(metrics.secondsAt(last)).toBe(last / 2);
});
