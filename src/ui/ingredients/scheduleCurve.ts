import {
  type BatchOfStep,
  learningRateAt,
  type ScheduledLearningRate,
  spanOf,
} from "../../engine/schedules/schedule.ts";

/** Points of the drawn curve. */
const SAMPLES = 160;
/** Steps that a picture covers where neither the schedule nor the run has an end. */
const USUAL_STEPS = 1000;

/** Steps that the picture covers: the schedule's shape, the whole run, and where the run has come to. */
export function horizonOf(optimizer: ScheduledLearningRate, limit: number, step: number): number {
  let horizon = limit || spanOf(optimizer.schedule) || USUAL_STEPS;
  while (horizon < step) horizon *= 2;
  return Math.max(2, horizon);
}

export interface ScheduleCurve {
  readonly steps: readonly number[];
  readonly rates: readonly number[];
  /** Largest of the rates. */
  readonly most: number;
}

/** The learning rate over the first `horizon` steps. */
export function scheduleCurve(optimizer: ScheduledLearningRate, batch: BatchOfStep, horizon: number): ScheduleCurve {
  const count = Math.min(SAMPLES, horizon);
  const steps = Array.from({ length: count }, (_, index) => 1 + Math.round((index * (horizon - 1)) / (count - 1)));
  // One that grows for long has no number any more, and infinity no place in a picture.
  const rates = steps.map((step) => Math.min(learningRateAt(optimizer, batch, step), Number.MAX_VALUE));
  return { steps, rates, most: Math.max(...rates) };
}
