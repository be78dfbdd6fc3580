import type { Evaluation, MetricsBatch } from "./protocol.ts";
import { createPyramid, type Pyramid } from "./pyramid.ts";

/** A run's curves with at most as many points as a plot has pixels; columns of one length, oldest first. */
export interface MetricsWindow {
  /** The last step of each bucket. */
  readonly step: Float64Array;
  /** Mean over the bucket's finite values; NaN, a gap, where it has none. */
  readonly loss: Float64Array;
  readonly lossMin: Float64Array;
  readonly lossMax: Float64Array;
  readonly gradNorm: Float64Array;
  readonly gradNormMin: Float64Array;
  readonly gradNormMax: Float64Array;
  /** At the last step of each bucket. */
  readonly learningRate: Float64Array;
}

/** All that a run has told about its steps: growing columns, one entry per step. */
export interface MetricsHistory {
  readonly length: number;
  /** (length) Steps, counted from 1, ascending. Views are valid until the next `append` or `clear`. */
  readonly step: Float64Array;
  /** (length) What is not finite is kept as NaN. */
  readonly loss: Float64Array;
  readonly gradNorm: Float64Array;
  readonly learningRate: Float64Array;
  /** Evaluations in the order of their steps. */
  readonly train: readonly Evaluation[];
  readonly validation: readonly Evaluation[];
  append(batch: MetricsBatch): void;
  clear(): void;
  /** The whole run in at most `points` buckets of equal size, a power of two, in time proportional to `points`. */
  window(points: number): MetricsWindow;
}

const FIRST_CAPACITY = 1024;

/** A typed array that grows by doubling, so that appending is constant in the mean. */
function createColumn() {
  let values = new Float64Array(FIRST_CAPACITY);
  let length = 0;
  return {
    push(added: Float64Array) {
      if (length + added.length > values.length) {
        const grown = new Float64Array(Math.max(2 * values.length, length + added.length));
        grown.set(values.subarray(0, length));
        values = grown;
      }
      values.set(added, length);
      length += added.length;
    },
    clear() {
      values = new Float64Array(FIRST_CAPACITY);
      length = 0;
    },
    view: () => values.subarray(0, length),
    /** The value at the end of bucket `index` of 2^level rows. */
    lastOf: (index: number, level: number) => values[Math.min((index + 1) * 2 ** level, length) - 1] ?? Number.NaN,
  };
}

/** The smallest power of two, as its exponent, whose buckets of `length` rows are at most `points`. */
function levelFor(length: number, points: number): number {
  let level = 0;
  while (Math.ceil(length / 2 ** level) > points) level++;
  return level;
}

/** An empty history. */
export function createMetrics(): MetricsHistory {
  const [step, learningRate] = [createColumn(), createColumn()];
  const [loss, gradNorm]: readonly [Pyramid, Pyramid] = [createPyramid(), createPyramid()];
  let train: Evaluation[] = [];
  let validation: Evaluation[] = [];

  return {
    get length() {
      return step.view().length;
    },
    get step() {
      return step.view();
    },
    get loss() {
      return loss.values();
    },
    get gradNorm() {
      return gradNorm.values();
    },
    get learningRate() {
      return learningRate.view();
    },
    get train() {
      return train;
    },
    get validation() {
      return validation;
    },
    append(batch) {
      const lengths = [batch.step, batch.loss, batch.gradNorm, batch.learningRate].map((column) => column.length);
      if (new Set(lengths).size > 1) {
        throw new RangeError(
          `metrics: got columns of ${lengths.join(", ")} rows, expected one length. Send whole rows.`,
        );
      }
      step.push(batch.step);
      learningRate.push(batch.learningRate);
      loss.push(batch.loss);
      gradNorm.push(batch.gradNorm);
      train.push(...batch.train);
      validation.push(...batch.validation);
    },
    clear() {
      for (const column of [step, learningRate, loss, gradNorm]) column.clear();
      train = [];
      validation = [];
    },
    window(points) {
      if (!Number.isSafeInteger(points) || points < 1) {
        throw new RangeError(`points: got ${points}, expected a positive integer. Pass the plot's width in pixels.`);
      }
      const level = levelFor(step.view().length, points);
      const count = Math.ceil(step.view().length / 2 ** level);
      const lossBuckets = loss.buckets(level, count);
      const normBuckets = gradNorm.buckets(level, count);
      return {
        step: Float64Array.from({ length: count }, (_, index) => step.lastOf(index, level)),
        loss: lossBuckets.mean,
        lossMin: lossBuckets.min,
        lossMax: lossBuckets.max,
        gradNorm: normBuckets.mean,
        gradNormMin: normBuckets.min,
        gradNormMax: normBuckets.max,
        learningRate: Float64Array.from({ length: count }, (_, index) => learningRate.lastOf(index, level)),
      };
    },
  };
}
