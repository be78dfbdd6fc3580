import { metricsColumns } from "../engine/probes.ts";

export type MetricName = (typeof metricsColumns)[number];

/** The rows of some steps, oldest first, as columns of one length. */
export interface StepRows {
  /** Counted from 1. */
  readonly step: Float64Array;
  /** Counted from 0. */
  readonly epoch: Float64Array;
  /** Mean over the batch, before the update. */
  readonly loss: Float64Array;
  /** Global L2 norm of the gradient, before clipping, without the loss scale. */
  readonly gradNorm: Float64Array;
  readonly learningRate: Float64Array;
  /** L1 and L2 penalties on the weights, which the loss does not include. */
  readonly penalty: Float64Array;
  /** What clipping by norm multiplied the gradient by: 1 where it did not clip. */
  readonly clipFactor: Float64Array;
  readonly lossScale: Float64Array;
  /** 1 where an overflow in half precision cancelled the update. */
  readonly skipped: Float64Array;
  /** The first step that took a non-finite gradient, and its tensor. */
  readonly nonFinite?: { readonly step: number; readonly tensor: string };
}

/** The rows of steps after `step`. */
export function rowsAfter({ nonFinite, ...columns }: StepRows, step: number): StepRows {
  const from = columns.step.findIndex((value) => value > step);
  const later = Object.entries(columns).map(([name, values]) => [name, values.subarray(from)] as const);
  return { ...(Object.fromEntries(later) as typeof columns), ...(nonFinite === undefined ? {} : { nonFinite }) };
}

/** The rows of steps before `step`. */
export function rowsBefore({ nonFinite: _, ...columns }: StepRows, step: number): StepRows {
  const found = columns.step.findIndex((value) => value >= step);
  const end = found < 0 ? columns.step.length : found;
  const earlier = Object.entries(columns).map(([name, values]) => [name, values.subarray(0, end)] as const);
  return Object.fromEntries(earlier) as typeof columns;
}

/** One column of the table `metrics` (K, R, 8), of the first replica. */
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
  /** Examples of each step, and the epoch of its first. */
  readonly counts: readonly number[];
  readonly epochs: readonly number[];
  /** Names of the parameter tensors, in the order of the gradient norm. */
  readonly tensors: readonly string[];
  readonly learningRates: Float64Array;
}

/** What a submission's rows of metrics say of its steps. */
export function stepRows(metrics: Float32Array, context: StepContext): StepRows {
  const { replicas, first, counts, epochs, tensors, learningRates } = context;
  const column = (name: MetricName) => metricsColumn(metrics, replicas, name);
  const bad = column("nonFinite");
  const skipped = column("skipped");
  const row = bad.findIndex((tensor, index) => tensor > 0 && skipped[index] === 0);
  const tensor = tensors[(bad[row] ?? 0) - 1];
  return {
    step: Float64Array.from(counts, (_, index) => first + index),
    epoch: Float64Array.from(epochs),
    loss: column("loss").map((sum, index) => sum / (counts[index] ?? 1)),
    gradNorm: column("gradNorm"),
    learningRate: learningRates,
    penalty: column("penalty"),
    clipFactor: column("clipFactor"),
    lossScale: column("lossScale"),
    skipped,
    ...(tensor === undefined ? {} : { nonFinite: { step: first + row, tensor } }),
  };
}
