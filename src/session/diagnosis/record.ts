import type { RunConfig } from "../config.ts";
import type { GradientNoise, LayerMeasurements, TensorMeasurements } from "../measurements.ts";
import type { MetricsHistory } from "../metrics.ts";
import type { Evaluation } from "../protocol.ts";
import type { MetricsWindow } from "../stepHistory.ts";

/** Where a run first had a number that is not finite. */
export interface NonFinite {
  readonly step: number;
  readonly tensor: string;
  /** One of the four moves, where it is known. */
  readonly move?: string;
}

/** Loss scaling in half precision, over the last steps. */
export interface ScalingRecord {
  /** Fraction of the steps that an overflow cancelled. */
  readonly skipped: number;
  readonly lossScale: number;
}

/** What was measured last between two steps; histograms are not needed. */
export interface Measured {
  readonly tensors: readonly Pick<TensorMeasurements, "name" | "gradNorm" | "weightNorm" | "updateRatio">[];
  /** Of the hidden layers, first one first. */
  readonly layers?: readonly Pick<LayerMeasurements, "deadUnits">[];
  readonly gradientNoise?: GradientNoise;
}

/** The columns of a run's curve that a diagnosis reads. */
export type Curve = Pick<
  MetricsWindow,
  "step" | "loss" | "lossMin" | "lossMax" | "gradNorm" | "gradNormMin" | "gradNormMax" | "learningRate" | "clipRate"
>;

/** What is known of the data and the model besides the configuration. */
export interface RunFacts {
  readonly parameters: number;
  /** Examples in the training split. */
  readonly trainExamples: number;
  /** Loss of the best answer that ignores the inputs; left out where nobody knows. */
  readonly guess?: number | undefined;
}

/** All that a diagnosis reads: a run so far, thinned. */
export interface RunRecord extends RunFacts {
  readonly config: RunConfig;
  /** The step from which on the record tells: what came before was trained with other settings. 0: the beginning. */
  readonly from: number;
  /** Losses of batches, gradient norms and learning rates, in at most a few hundred buckets. */
  readonly curve: Curve;
  /** Evaluations of whole splits, in the order of their steps, thinned. */
  readonly train: readonly Evaluation[];
  readonly validation: readonly Evaluation[];
  readonly nonFinite?: NonFinite | undefined;
  readonly measured?: Measured | undefined;
  readonly scaling?: ScalingRecord | undefined;
}

/** Buckets of the curve, and most evaluations of each split. */
const POINTS = 128;

/** At most `count` of a list's entries, evenly spread, the last one always among them. */
export function thinned<T>(list: readonly T[], count: number): readonly T[] {
  if (list.length <= count) return list;
  const gap = (list.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => list[Math.round(index * gap)] as T);
}

export interface RecordOptions extends RunFacts {
  readonly config: RunConfig;
  /** The step at which the settings last changed by hand; 0 where they never did. */
  readonly from?: number;
  readonly history: Pick<MetricsHistory, "window" | "train" | "validation">;
  readonly nonFinite?: NonFinite | undefined;
  readonly measured?: Measured | undefined;
  readonly scaling?: ScalingRecord | undefined;
}

/** A window that begins at a step has rows from before it in its first bucket. */
const withoutFirst = (window: MetricsWindow): Curve => ({
  ...{ step: window.step.slice(1), learningRate: window.learningRate.slice(1), clipRate: window.clipRate.slice(1) },
  ...{ loss: window.loss.slice(1), lossMin: window.lossMin.slice(1), lossMax: window.lossMax.slice(1) },
  gradNorm: window.gradNorm.slice(1),
  ...{ gradNormMin: window.gradNormMin.slice(1), gradNormMax: window.gradNormMax.slice(1) },
});

/** The evaluations that are not from before a step. */
function since(list: readonly Evaluation[], from: number): readonly Evaluation[] {
  const first = from === 0 ? 0 : list.findIndex(({ step }) => step >= from);
  return first === -1 ? [] : list.slice(first);
}

/** A run's history as a diagnosis reads it, since its settings last changed. */
export function recordOf({ history, from = 0, ...known }: RecordOptions): RunRecord {
  return {
    ...{ ...known, from },
    curve: from === 0 ? history.window(POINTS) : withoutFirst(history.window(POINTS, { fromStep: from })),
    train: thinned(since(history.train, from), POINTS),
    validation: thinned(since(history.validation, from), POINTS),
  };
}
