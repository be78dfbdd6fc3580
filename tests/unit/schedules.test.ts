import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as clippings from "../../src/engine/clipping/index.ts";
import * as schedules from "../../src/engine/schedules/index.ts";
import {
  learningRateAt,
  problemOf,
  type ScheduleConfig,
  type ScheduledLearningRate,
  spanOf,
} from "../../src/engine/schedules/schedule.ts";
import { defaultsOf } from "../../src/lib/hyperparameters.ts";

const kinds = Object.keys(schedules) as readonly (keyof typeof schedules)[];
const batch = { batchSize: 32, accumulation: 1 };

const scheduled = (schedule: object, rest: Partial<ScheduledLearningRate> = {}): ScheduledLearningRate => ({
  ...{ learningRate: 1, batchScaling: "none", referenceBatch: 32 },
  ...rest,
  schedule: { warmupSteps: 0, ...schedule } as ScheduleConfig,
});
const rates = (schedule: object, steps: readonly number[]) =>
  steps.map((step) => learningRateAt(scheduled(schedule), batch, step));

/** float64 arithmetic in another order. */
const PRECISION = 12;

describe("the learning rate", () => {
  test.each<[object, readonly number[], readonly number[]]>([
    [{ kind: "constant" }, [1, 7, 1e6], [1, 1, 1]],
    [{ kind: "linear", overSteps: 4, finalFraction: 0.2 }, [1, 2, 3, 5, 9], [1, 0.8, 0.6, 0.2, 0.2]],
    [{ kind: "step", every: 3, factor: 0.5 }, [1, 3, 4, 6, 7], [1, 1, 0.5, 0.5, 0.25]],
    [{ kind: "exponential", factor: 0.5 }, [1, 2, 4], [1, 0.5, 0.125]],
    [{ kind: "cosine", totalSteps: 4, finalFraction: 0.1 }, [1, 3, 5, 9], [1, 0.55, 0.1, 0.1]],
    [
      { kind: "warmup-cosine", warmupSteps: 2, totalSteps: 6, finalFraction: 0.1 },
      [1, 2, 3, 4, 6, 99],
      [0.5, 1, 0.1 + 0.9 * 0.5 * (1 + Math.SQRT1_2), 0.55, 0.1, 0.1],
    ],
    [
      { kind: "warmup-stable-decay", warmupSteps: 2, totalSteps: 10, decaySteps: 4, finalFraction: 0 },
      [1, 2, 3, 6, 7, 9, 10, 11],
      [0.5, 1, 1, 1, 0.75, 0.25, 0, 0],
    ],
    [{ kind: "inverse-root", warmupSteps: 4 }, [1, 4, 16, 64], [0.25, 1, 0.5, 0.25]],
  ])("of %j is what the formula says", (schedule, steps, expected) => {
    for (const [index, rate] of rates(schedule, steps).entries())
      expect(rate).toBeCloseTo(expected[index] ?? 0, PRECISION);
  });

  test("of one cycle is PyTorch's OneCycleLR", () => {
    // torch 1.13: OneCycleLR(optimizer, max_lr=1, total_steps=10), get_last_lr() before each of its steps.
    const expected = [0.04, 0.52, 1, 0.9504846, 0.8117457, 0.611262, 0.388742, 0.1882583, 0.0495194, 4e-6];
    const schedule = { kind: "one-cycle", ...defaultsOf(schedules["one-cycle"].hyperparameters), totalSteps: 10 };
    const found = rates(schedule, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const [index, rate] of found.entries()) expect(rate).toBeCloseTo(expected[index] ?? 0, 6);
    expect(rates(schedule, [11, 500])).toEqual([found[9], found[9]]);
  });

  test("rises evenly through a shared warm-up, after which the shape begins at its own step 1", () => {
    const shape = { kind: "linear", overSteps: 4, finalFraction: 0 };
    const plain = rates(shape, [1, 2, 3]);
    expect(rates({ ...shape, warmupSteps: 5 }, [1, 4, 5, 6, 7, 8])).toEqual([0.2, 0.8, 1, ...plain]);
  });

  test("grows with the batch, in proportion or by the root, and counts all micro-batches", () => {
    const at = (batchScaling: ScheduledLearningRate["batchScaling"]) =>
      learningRateAt(scheduled({ kind: "constant" }, { batchScaling }), { batchSize: 64, accumulation: 2 }, 1);
    expect([at("none"), at("linear"), at("root")]).toEqual([1, 4, 2]);
  });
});

describe.each(kinds)("%s", (kind) => {
  const choice = { kind, warmupSteps: 0, ...defaultsOf(schedules[kind].hyperparameters) } as ScheduleConfig;

  test("holds together with its defaults", () => expect(problemOf(choice)).toBeUndefined());

  test("is finite and never above the learning rate that was set, at every step and for every length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 5000 }), (step, totalSteps) => {
        const warmup = "warmupSteps" in schedules[kind].hyperparameters ? { warmupSteps: totalSteps } : {};
        const length = "totalSteps" in choice ? { totalSteps, decaySteps: 1, ...warmup } : {};
        const rate = learningRateAt({ ...scheduled({ ...choice, ...length }) }, batch, step);
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("shows in a number of steps that a picture can have", () => {
    expect(Number.isSafeInteger(spanOf(choice))).toBe(true);
    expect(spanOf(choice)).toBeGreaterThanOrEqual(0);
  });
});

describe("clipping", () => {
  test.each(Object.keys(clippings) as (keyof typeof clippings)[])("by %s has positive bounds", (kind) => {
    const { hyperparameters, bounds } = clippings[kind];
    const { maxNorm, limit } = bounds(defaultsOf(hyperparameters) as never);
    expect(Math.min(maxNorm, limit)).toBeGreaterThan(0);
    expect(Math.fround(Math.max(maxNorm, limit))).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  test("by norm leaves elements free, by value the norm, and none both", () => {
    const unbounded = 3e38;
    expect(clippings.norm.bounds({ maxNorm: 2 })).toEqual({ maxNorm: 2, limit: unbounded });
    expect(clippings.value.bounds({ limit: 2 })).toEqual({ maxNorm: unbounded, limit: 2 });
    expect(clippings.none.bounds({})).toEqual({ maxNorm: unbounded, limit: unbounded });
  });
});
