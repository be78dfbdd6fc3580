import { metricsColumns } from "../engine/probes.ts";
import type { BatchPlace } from "./stepTable.ts";

export type MetricName = (typeof metricsColumns)[number];

/** The rows of some steps, oldest first, as columns of one length. */
export interface StepRows {
  /** Counted from 1. */
  readonly step: Float64Array;
  /** Counted from 0. */
  readonly epoch: Float64Array;
  /** Mean over the batch, before the update. */
  readonly loss: Float64Array;
  /** Global L2 norm of the gradient. */
  readonly gradNorm: Float64Array;
  readonly learningRate: Float64Array;
  /** The first step with a non-finite gradient, and its tensor. */
  readonly nonFinite?: { readonly step: number; readonly tensor: string };
}

/** One column of the table `metrics` (K, R, 4), of the first replica. */
export function metricsColumn(metrics: ArrayLike<number>, replicas: number, name: MetricName): Float64Array {
  const stride = replicas * metricsColumns.length;
  const first = metricsColumns.indexOf(name);
  return Float64Array.from(
    { length: metrics.length / stride },
    (_, row) => metrics[row * stride + first] ?? Number.NaN,
  );
}

export interface StepContext {
  readonly replicas: number;
  /** Number of the first step, counted from 1. */
  readonly first: number;
  readonly places: readonly BatchPlace[];
  /** Names of the parameter tensors, in the order of the gradient norm. */
  readonly tensors: readonly string[];
  readonly learningRate: number;
}

/** What a submission's rows of metrics say of its steps. */
export function stepRows(metrics: Float32Array, context: StepContext): StepRows {
  const { replicas, first, places, tensors, learningRate } = context;
  const sums = metricsColumn(metrics, replicas, "loss");
  const bad = metricsColumn(metrics, replicas, "nonFinite");
  const row = bad.findIndex((tensor) => tensor > 0);
  const tensor = tensors[(bad[row] ?? 0) - 1];
  return {
    step: Float64Array.from(places, (_, index) => first + index),
    epoch: Float64Array.from(places, ({ epoch }) => epoch),
    loss: Float64Array.from(places, ({ count }, index) => (sums[index] ?? Number.NaN) / count),
    gradNorm: metricsColumn(metrics, replicas, "gradNorm"),
    learningRate: new Float64Array(places.length).fill(learningRate),
    ...(tensor === undefined ? {} : { nonFinite: { step: first + row, tensor } }),
  };
}
