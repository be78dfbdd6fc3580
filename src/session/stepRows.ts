import { metricsColumns } from "../engine/probes.ts";
import { batchColumn } from "./stepTable.ts";

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
  /**
   * What clipping by norm multiplied the gradient by, times the share of its elements that clipping by value left: 1
   * where nothing was clipped.
   */
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
  /** The steps' rows of the table `batches` (K M, 5). */
  readonly batches: Uint32Array;
  /** Names of the parameter tensors, in the order of the gradient norm. */
  readonly tensors: readonly string[];
  readonly learningRates: Float64Array;
}

/** What a submission's rows of metrics say of its steps. */
export function stepRows(metrics: Float32Array, context: StepContext): StepRows {
  const { replicas, first, batches, tensors, learningRates } = context;
  const column = (name: MetricName) => metricsColumn(metrics, replicas, name);
  const bad = column("nonFinite");
  const skipped = column("skipped");
  const row = bad.findIndex((tensor, index) => tensor > 0 && skipped[index] === 0);
  const tensor = tensors[(bad[row] ?? 0) - 1];
  const loss = column("loss");
  const counts = batchColumn(batches, "count");
  const epochs = batchColumn(batches, "epoch");
  const M = counts.length / loss.length;
  const examplesOf = (step: number): number => {
    let sum = 0;
    for (let batch = step * M; batch < (step + 1) * M; batch++) sum += counts[batch] ?? 0;
    return sum;
  };
  return {
    step: Float64Array.from(loss, (_, index) => first + index),
    epoch: Float64Array.from(loss, (_, index) => epochs[index * M] ?? 0),
    loss: loss.map((sum, index) => sum / examplesOf(index)),
    gradNorm: column("gradNorm"),
    learningRate: learningRates,
    penalty: column("penalty"),
    clipFactor: column("clipFactor"),
    lossScale: column("lossScale"),
    skipped,
    ...(tensor === undefined ? {} : { nonFinite: { step: first + row, tensor } }),
  };
}
