import { batchColumns } from "../engine/batch.ts";
import type { Optimizer } from "../engine/optimizers/optimizer.ts";
import { learningRateAt } from "../engine/schedules/schedule.ts";
import type { Values } from "../lib/hyperparameters.ts";
import type { RunConfig } from "./config.ts";
import { optimizerOf, valuesOf } from "./runShape.ts";

/** Where a batch lies: positions `start` to `start + count` of its epoch, both counted from 0. */
export interface BatchPlace {
  /** Of the step that takes it, counted from 1; 0 in an evaluation. */
  readonly step: number;
  readonly epoch: number;
  readonly start: number;
  readonly count: number;
}

export interface Batches {
  readonly examples: number;
  readonly batchSize: number;
  /** Batches per step. */
  readonly accumulation: number;
}

/** The batches of step `t`, counted from 1. Every example once per epoch; the last batch of one takes what is left. */
export function batchesOfStep(t: number, { examples, batchSize, accumulation }: Batches): readonly BatchPlace[] {
  const perEpoch = Math.ceil(examples / batchSize);
  return Array.from({ length: accumulation }, (_, micro) => {
    const batch = (t - 1) * accumulation + micro;
    const start = (batch % perEpoch) * batchSize;
    return { step: t, epoch: Math.floor(batch / perEpoch), start, count: Math.min(batchSize, examples - start) };
  });
}

export interface StepRange {
  /** Number of the first step, counted from 1. */
  readonly first: number;
  readonly count: number;
  readonly replicas: number;
  readonly batches: Batches;
}

/** What the host computes of the steps of a submission: their batches, learning rates, and the tables for the device. */
export function stepTables({ optimizer, compute }: RunConfig, { first, count, replicas, batches }: StepRange) {
  const places = Array.from({ length: count }, (_, index) => batchesOfStep(first + index, batches));
  const learningRates = Float64Array.from(places, (_, index) => learningRateAt(optimizer, batches, first + index));
  const definition = optimizerOf({ optimizer });
  const values = valuesOf(definition, optimizer);
  const replicaValues = Array.from({ length: replicas }, () => values);
  return {
    ...{ places, learningRates, batches: batchRows(places.flat(), compute.order === "shuffled") },
    scalars: scalarRows(definition, replicaValues, { first, learningRates }),
  };
}

/** The batches of an evaluation of `count` examples, `rows` at a time, in submissions of up to `most` batches. */
export function evaluationPlaces(count: number, rows: number, most: number): readonly (readonly BatchPlace[])[] {
  const places = Array.from({ length: Math.ceil(count / rows) }, (_, batch): BatchPlace => {
    const start = batch * rows;
    return { step: 0, epoch: 0, start, count: Math.min(rows, count - start) };
  });
  return Array.from({ length: Math.ceil(places.length / most) }, (_, part) =>
    places.slice(part * most, (part + 1) * most),
  );
}

/** Rows of the table `batches` (K M, 5). */
export function batchRows(places: readonly BatchPlace[], isShuffled: boolean): Uint32Array {
  const rows = new Uint32Array(places.length * batchColumns.length);
  for (const [row, { start, count, epoch, step }] of places.entries()) {
    rows.set([start, count, epoch, isShuffled ? 1 : 0, step], row * batchColumns.length);
  }
  return rows;
}

/** The hyperparameters at a step's learning rate; further learning rates change in the same proportion. */
function atRate({ hyperparameters }: Optimizer, values: Values, learningRate: number): Values {
  const factor = learningRate / Number(values.learningRate);
  const others = Object.entries(hyperparameters).filter(([, field]) => field.kind === "number" && field.scheduled);
  const scaled = others.map(([name]) => [name, Number(values[name]) * (Number.isNaN(factor) ? 1 : factor)]);
  return { ...values, ...Object.fromEntries(scaled), learningRate };
}

/**
 * Rows of the table `scalars` (K, R, S) for the steps from `first` on: what the optimizer's kernel reads, computed in
 * float64 from each replica's hyperparameters, and the scheduled learning rate of each step.
 */
export function scalarRows(
  optimizer: Optimizer,
  replicas: readonly Values[],
  { first, learningRates }: { first: number; learningRates: ArrayLike<number> },
): Float32Array {
  const formulas = Object.values(optimizer.scalars);
  const rows = new Float32Array(learningRates.length * replicas.length * formulas.length);
  let at = 0;
  for (let index = 0; index < learningRates.length; index++) {
    for (const values of replicas) {
      const scheduled = atRate(optimizer, values, learningRates[index] ?? Number.NaN);
      // The configuration was checked against this optimizer's definition, so its values are the formulas'.
      for (const formula of formulas) rows[at++] = formula(scheduled as never, first + index);
    }
  }
  return rows;
}
