import {
  createEvaluations,
  type EvaluatedSplit,
  type EvaluationMetric,
  earliestBest,
  type WindowRange,
} from "./evaluations.ts";
import { createLossScales, type LossScales } from "./lossScales.ts";
import type { Measurements } from "./measurements.ts";
import type { Evaluation, MetricsBatch } from "./protocol.ts";
import { createStepHistory, type MetricsWindow } from "./stepHistory.ts";

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

/** All that a run has told about its steps: columns with one entry per step, or of a very long run with fewer. */
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
  readonly scaling: LossScales;
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

/** An empty history. */
export function createMetrics(): MetricsHistory {
  const history = createStepHistory();
  const splits = { train: createEvaluations(), validation: createEvaluations() };
  let best: Evaluation | undefined;
  let measured: MeasuredPoint[] = [];
  const scaling = createLossScales();

  return {
    scaling,
    get length() {
      return history.columns.step.length;
    },
    get step() {
      return history.columns.step;
    },
    get loss() {
      return history.columns.loss;
    },
    get gradNorm() {
      return history.columns.gradNorm;
    },
    get penalty() {
      return history.columns.penalty;
    },
    get clipFactor() {
      return history.columns.clipFactor;
    },
    get learningRate() {
      return history.columns.learningRate;
    },
    get seconds() {
      return history.columns.seconds;
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
      history.append(batch);
      splits.train.push(batch.train);
      const { length } = splits.validation.all();
      const last = splits.validation.all()[length - 1]?.step ?? -1;
      splits.validation.push(batch.validation);
      // What came again at a known step has replaced the best, or was left out
      const [all, isNew] = [splits.validation.all(), batch.validation.every(({ step }) => step > last)];
      best = isNew ? earliestBest(all.slice(length), best) : earliestBest(all);
      scaling.append(batch);
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
      history.truncate(step);
      for (const split of Object.values(splits)) split.truncate(step);
      best = earliestBest(splits.validation.all());
      measured = measured.filter((each) => each.step <= step);
      scaling.truncate(step);
    },
    clear() {
      history.clear();
      for (const split of Object.values(splits)) split.clear();
      best = undefined;
      measured = [];
      scaling.truncate(0);
    },
    rowOf: history.rowOf,
    secondsAt: (step) => history.columns.seconds[history.rowOf(step)] ?? 0,
    window: history.window,
    evaluations: (split, metric, points, range = {}) => splits[split].window(metric, points, range),
  };
}
