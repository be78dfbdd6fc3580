import { batchColumns } from "../engine/batch.ts";
import type { Optimizer } from "../engine/optimizers/optimizer.ts";
import { learningRateAt } from "../engine/schedules/schedule.ts";
import type { Value, Values } from "../lib/hyperparameters.ts";
import type { RunConfig } from "./config.ts";
import { optimizerOf, valuesOf } from "./runShape.ts";

/** Where a batch of an evaluation lies: positions `start` to `start + count`, counted from 0. */
export interface BatchPlace {
  readonly start: number;
  readonly count: number;
}

export interface Batches {
  readonly examples: number;
  readonly batchSize: number;
  /** Batches per step. */
  readonly accumulation: number;
  readonly isShuffled: boolean;
}

export interface StepRange {
  /** Number of the first step, counted from 1. */
  readonly first: number;
  readonly count: number;
  readonly batches: Batches;
}

/**
 * Rows of the table `batches` (K M, 5) for some steps. Every example once per epoch; the last batch of one takes what is
 * left.
 */
export function stepBatches({ first, count, batches }: StepRange): Uint32Array {
  const { examples, batchSize, accumulation, isShuffled } = batches;
  const perEpoch = Math.ceil(examples / batchSize);
  const rows = new Uint32Array(count * accumulation * batchColumns.length);
  for (let row = 0, at = 0; at < rows.length; row++, at += batchColumns.length) {
    const batch = (first - 1) * accumulation + row;
    const start = (batch % perEpoch) * batchSize;
    rows[at] = start;
    rows[at + 1] = Math.min(batchSize, examples - start);
    rows[at + 2] = Math.floor(batch / perEpoch);
    rows[at + 3] = isShuffled ? 1 : 0;
    rows[at + 4] = first + Math.floor(row / accumulation);
  }
  return rows;
}

/**
 * The table `batches` with `count` examples in its first row, from where that begins, or from as near before as the epoch
 * has so many.
 */
export function withExamples(rows: Uint32Array, count: number, examples: number): Uint32Array {
  const widened = rows.slice();
  widened.set([Math.min(rows[0] ?? 0, examples - count), count]);
  return widened;
}

/** A column of the table `batches`: a number for each batch. */
export function batchColumn(rows: Uint32Array, name: (typeof batchColumns)[number]): Uint32Array {
  const values = new Uint32Array(rows.length / batchColumns.length);
  const first = batchColumns.indexOf(name);
  for (let row = 0; row < values.length; row++) values[row] = rows[row * batchColumns.length + first] as number;
  return values;
}

/** What the host computes of the steps of a submission: their batches, learning rates, and the tables for the device. */
export function stepTables({ optimizer }: RunConfig, range: StepRange & { readonly replicas: number }) {
  const { first, count, replicas, batches } = range;
  // The schedule multiplies whatever learning rates there are, also where one of them is 0
  const one = { ...optimizer, learningRate: 1 };
  const factors = new Float64Array(count).map((_, index) => learningRateAt(one, batches, first + index));
  const definition = optimizerOf({ optimizer });
  const values = valuesOf(definition, optimizer);
  return {
    batches: stepBatches(range),
    learningRates: factors.map((factor) => factor * optimizer.learningRate),
    scalars: scalarRows(definition, new Array<Values>(replicas).fill(values), { first, factors }),
  };
}

/** The batches of an evaluation of `count` examples, `rows` at a time, in submissions of up to `most` batches. */
export function evaluationPlaces(count: number, rows: number, most: number): readonly (readonly BatchPlace[])[] {
  const places = Array.from({ length: Math.ceil(count / rows) }, (_, batch): BatchPlace => {
    const start = batch * rows;
    return { start, count: Math.min(rows, count - start) };
  });
  return Array.from({ length: Math.ceil(places.length / most) }, (_, part) =>
    places.slice(part * most, (part + 1) * most),
  );
}

/** Rows of the table `batches` (K, 5) for an evaluation, which is no step of any epoch. */
export function batchRows(places: readonly BatchPlace[], isShuffled: boolean): Uint32Array {
  const rows = new Uint32Array(places.length * batchColumns.length);
  for (const [row, { start, count }] of places.entries()) {
    rows.set([start, count, 0, isShuffled ? 1 : 0, 0], row * batchColumns.length);
  }
  return rows;
}

/** The learning rates among an optimizer's hyperparameters, which its schedule multiplies. */
const scheduledOf = ({ hyperparameters }: Optimizer): readonly string[] =>
  Object.keys(hyperparameters).filter((name) => {
    const field = hyperparameters[name];
    return name === "learningRate" || (field?.kind === "number" && field.scheduled);
  });

/**
 * Rows of the table `scalars` (K, R, S) for the steps from `first` on: what the optimizer's kernel reads, computed in
 * float64 from each replica's hyperparameters, the learning rates among them multiplied by each step's factor.
 */
export function scalarRows(
  optimizer: Optimizer,
  replicas: readonly Values[],
  { first, factors }: { first: number; factors: ArrayLike<number> },
): Float32Array {
  const scheduled = scheduledOf(optimizer);
  const formulas = Object.values(optimizer.scalars);
  const rows = new Float32Array(factors.length * replicas.length * formulas.length);
  for (const [replica, values] of replicas.entries()) {
    // The same object for all steps: one for each would be most of what a step allocates
    const current: Record<string, Value> = { ...values };
    for (let index = 0; index < factors.length; index++) {
      for (const name of scheduled) current[name] = Number(values[name]) * (factors[index] ?? Number.NaN);
      let at = (index * replicas.length + replica) * formulas.length;
      // The configuration was checked against this optimizer's definition, so its values are the formulas'.
      for (const formula of formulas) rows[at++] = formula(current as never, first + index);
    }
  }
  return rows;
}
