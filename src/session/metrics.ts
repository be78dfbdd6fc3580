import { createColumn, lastUpTo, linearSegments, logSegments, type RowRange, type Segment } from "./columns.ts";
import {
  createEvaluations,
  type EvaluatedSplit,
  type EvaluationMetric,
  earliestBest,
  type WindowRange,
} from "./evaluations.ts";
import type { Measurements } from "./measurements.ts";
import type { Evaluation, MetricsBatch } from "./protocol.ts";
import { type Buckets, createPyramid, type Pyramid } from "./pyramid.ts";

/** A run's curves with at most as many points as a plot has pixels; columns of one length, oldest first. */
export interface MetricsWindow {
  /** The last step of each bucket. */
  readonly step: Float64Array;
  /** Seconds of training up to the last step of each bucket. */
  readonly seconds: Float64Array;
  /** Mean over the bucket's finite values; NaN, a gap, where it has none. */
  readonly loss: Float64Array;
  readonly lossMin: Float64Array;
  readonly lossMax: Float64Array;
  /** Before clipping. */
  readonly gradNorm: Float64Array;
  readonly gradNormMin: Float64Array;
  readonly gradNormMax: Float64Array;
  /** At the last step of each bucket. */
  readonly learningRate: Float64Array;
  readonly penalty: Float64Array;
  /** Fraction of the bucket's steps whose gradient was clipped by its norm. */
  readonly clipRate: Float64Array;
}

/** What was measured between two steps; of each tensor the numbers, without histograms. */
export interface MeasuredPoint {
  readonly step: number;
  readonly tensors: readonly {
    readonly name: string;
    readonly gradNorm: number;
    readonly weightNorm: number;
    readonly updateRatio?: number;
  }[];
  /** Device memory held, where it was asked for. */
  readonly liveBytes?: number;
}

/** All that a run has told about its steps: growing columns, one entry per step. */
export interface MetricsHistory {
  readonly length: number;
  /** (length) Steps, counted from 1, ascending. Views are valid until the next `append`, `truncate` or `clear`. */
  readonly step: Float64Array;
  /** (length) What is not finite is kept as NaN. */
  readonly loss: Float64Array;
  readonly gradNorm: Float64Array;
  readonly learningRate: Float64Array;
  readonly penalty: Float64Array;
  readonly clipFactor: Float64Array;
  /** (length) Seconds of training from the first step on, pauses left out. */
  readonly seconds: Float64Array;
  /** Evaluations in the order of their steps. */
  readonly train: readonly Evaluation[];
  readonly validation: readonly Evaluation[];
  /** The validation with the lowest loss, the earliest of them. */
  readonly best: Evaluation | undefined;
  /** In the order of their steps; of a long run, only every other one of the older ones, again and again. */
  readonly measured: readonly MeasuredPoint[];
  append(batch: MetricsBatch): void;
  /** Takes what was measured; steps up to the last one taken replace what is there. */
  measure(measured: Measurements & { readonly liveBytes?: number }): void;
  /** Forgets everything after `step`: the run went back to it. */
  truncate(step: number): void;
  clear(): void;
  /** Index of the last row up to `step`; -1 where there is none. */
  rowOf(step: number): number;
  /** Seconds of training up to `step`; 0 before the first. */
  secondsAt(step: number): number;
  /**
   * The run in at most `points` buckets of equal size, a power of two; with `log` about as many. In time proportional to
   * `points`.
   */
  window(points: number, range?: WindowRange): MetricsWindow;
  /** About `points` of a split's evaluations, with the extremes of a metric, in time proportional to `points`. */
  evaluations(
    split: EvaluatedSplit,
    metric: EvaluationMetric,
    points: number,
    range?: WindowRange,
  ): readonly Evaluation[];
}

/** Measurements that are kept. */
const MOST_MEASURED = 2048;

function joined(parts: readonly Float64Array[]): Float64Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  return all;
}

function bucketsOf(pyramid: Pyramid, segments: readonly Segment[]): Buckets {
  const parts = segments.map(({ level, first, count }) => pyramid.buckets(level, first, count));
  return {
    mean: joined(parts.map(({ mean }) => mean)),
    min: joined(parts.map(({ min }) => min)),
    max: joined(parts.map(({ max }) => max)),
  };
}

/** Running sum, going on from `start`. */
function cumulated(values: Float64Array, start: number): Float64Array {
  let sum = start;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** An empty history. */
export function createMetrics(): MetricsHistory {
  const columns = { step: createColumn(), learningRate: createColumn(), seconds: createColumn() };
  const factors = createColumn();
  const pyramids = { loss: createPyramid(), gradNorm: createPyramid(), penalty: createPyramid() };
  const clipped = createPyramid();
  const perStep = [...Object.values(columns), factors, ...Object.values(pyramids), clipped];
  const splits = { train: createEvaluations(), validation: createEvaluations() };
  let best: Evaluation | undefined;
  let measured: MeasuredPoint[] = [];

  const steps = () => columns.step.view();
  const rowOf = (step: number) => lastUpTo(steps().length, (index) => steps()[index] ?? 0, step);
  const rowsOf = ({ fromStep, toStep }: WindowRange): RowRange => ({
    // One more on each side, so that lines reach the border.
    from: fromStep === undefined ? 0 : Math.max(0, rowOf(fromStep)),
    to: toStep === undefined ? steps().length : Math.min(steps().length, rowOf(toStep) + 2),
  });

  return {
    get length() {
      return steps().length;
    },
    get step() {
      return steps();
    },
    get loss() {
      return pyramids.loss.values();
    },
    get gradNorm() {
      return pyramids.gradNorm.values();
    },
    get penalty() {
      return pyramids.penalty.values();
    },
    get clipFactor() {
      return factors.view();
    },
    get learningRate() {
      return columns.learningRate.view();
    },
    get seconds() {
      return columns.seconds.view();
    },
    get train() {
      return splits.train.all();
    },
    get validation() {
      return splits.validation.all();
    },
    get best() {
      return best;
    },
    get measured() {
      return measured;
    },
    append(batch) {
      const { step, learningRate, seconds, clipFactor, loss, gradNorm, penalty } = batch;
      const lengths = [step, loss, gradNorm, learningRate, penalty, clipFactor, seconds].map(({ length }) => length);
      if (new Set(lengths).size > 1) {
        throw new RangeError(
          `metrics: got columns of ${lengths.join(", ")} rows, expected one length. Send whole rows.`,
        );
      }
      columns.seconds.push(cumulated(seconds, columns.seconds.view().at(-1) ?? 0));
      columns.step.push(step);
      columns.learningRate.push(learningRate);
      factors.push(clipFactor);
      clipped.push(clipFactor.map((factor) => (factor < 1 ? 1 : 0)));
      pyramids.loss.push(loss);
      pyramids.gradNorm.push(gradNorm);
      pyramids.penalty.push(penalty);
      splits.train.push(batch.train);
      splits.validation.push(batch.validation);
      best = earliestBest(batch.validation, best);
    },
    measure({ step, tensors, liveBytes }) {
      const numbers = tensors.map(({ name, gradNorm, weightNorm, updateRatio }) => ({
        ...{ name, gradNorm, weightNorm },
        ...(updateRatio !== undefined && { updateRatio }),
      }));
      measured = measured.filter((before) => before.step < step);
      measured.push({ step, tensors: numbers, ...(liveBytes !== undefined && { liveBytes }) });
      if (measured.length > MOST_MEASURED) measured = measured.filter((_, index) => index % 2 === 1);
    },
    truncate(step) {
      const length = rowOf(step) + 1;
      for (const column of perStep) column.truncate(length);
      for (const split of Object.values(splits)) split.truncate(step);
      best = earliestBest(splits.validation.all());
      measured = measured.filter((each) => each.step <= step);
    },
    clear() {
      for (const column of perStep) column.clear();
      for (const split of Object.values(splits)) split.clear();
      best = undefined;
      measured = [];
    },
    rowOf,
    secondsAt: (step) => columns.seconds.view()[rowOf(step)] ?? 0,
    window(points, range = {}) {
      if (!Number.isSafeInteger(points) || points < 1) {
        throw new RangeError(`points: got ${points}, expected a positive integer. Pass the plot's width in pixels.`);
      }
      const segments = (range.log === true ? logSegments : linearSegments)(rowsOf(range), points);
      const last = (name: keyof typeof columns) =>
        joined(
          segments.map(({ level, first, count }) =>
            Float64Array.from({ length: count }, (_, index) => columns[name].lastOf(first + index, level)),
          ),
        );
      const [loss, gradNorm] = [bucketsOf(pyramids.loss, segments), bucketsOf(pyramids.gradNorm, segments)];
      return {
        ...{ step: last("step"), seconds: last("seconds"), learningRate: last("learningRate") },
        ...{ loss: loss.mean, lossMin: loss.min, lossMax: loss.max },
        ...{ gradNorm: gradNorm.mean, gradNormMin: gradNorm.min, gradNormMax: gradNorm.max },
        penalty: bucketsOf(pyramids.penalty, segments).mean,
        clipRate: bucketsOf(clipped, segments).mean,
      };
    },
    evaluations: (split, metric, points, range = {}) => splits[split].window(metric, points, range),
  };
}
