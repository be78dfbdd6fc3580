import type { Optimizer } from "../engine/optimizers/optimizer.ts";
import type { Values } from "../lib/hyperparameters.ts";

/** Where a step's batch lies: positions `start` to `start + count` of its epoch, both counted from 0. */
export interface BatchPlace {
  readonly epoch: number;
  readonly start: number;
  readonly count: number;
}

/** The batch of step `t`, counted from 1. Every example once per epoch; the last batch takes what is left. */
export function batchOfStep(t: number, examples: number, batchSize: number): BatchPlace {
  const perEpoch = Math.ceil(examples / batchSize);
  const start = ((t - 1) % perEpoch) * batchSize;
  return { epoch: Math.floor((t - 1) / perEpoch), start, count: Math.min(batchSize, examples - start) };
}

/** Rows of the table `batches` (K, 4). */
export function batchRows(places: readonly BatchPlace[], isShuffled: boolean): Uint32Array {
  const rows = new Uint32Array(places.length * 4);
  for (const [row, { start, count, epoch }] of places.entries()) {
    rows.set([start, count, epoch, isShuffled ? 1 : 0], row * 4);
  }
  return rows;
}

/**
 * Rows of the table `scalars` (K, R, S) for the steps from `first` on: what the optimizer's kernel reads, computed in
 * float64 from each replica's hyperparameters.
 */
export function scalarRows(
  optimizer: Optimizer,
  replicas: readonly Values[],
  { first, steps }: { first: number; steps: number },
): Float32Array {
  const formulas = Object.values(optimizer.scalars);
  const rows = new Float32Array(steps * replicas.length * formulas.length);
  let at = 0;
  for (let t = first; t < first + steps; t++) {
    for (const values of replicas) {
      // The configuration was checked against this optimizer's definition, so its values are the formulas'.
      for (const formula of formulas) rows[at++] = formula(values as never, t);
    }
  }
  return rows;
}
