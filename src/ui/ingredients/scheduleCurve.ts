import {
  type BatchOfStep,
  learningRateAt,
  type ScheduledLearningRate,
  spanOf,
} from "../../engine/schedules/schedule.ts";
import type { StoppingConfig } from "../../session/config.ts";

/** Points of the drawn curve. */
const SAMPLES = 160;
/** Steps that a picture covers where neither the schedule nor the run has an end. */
const USUAL_STEPS = 1000;

/** When a run ends, as far as its steps say; the steps of an epoch are unknown until its data is. */
interface RunEnd {
  readonly stopping: Pick<StoppingConfig, "steps" | "epochs">;
  readonly stepsPerEpoch: number | undefined;
}

/** Steps of the whole run; 0 where it has no end. */
export function stepsOfRun({ stopping: { steps, epochs }, stepsPerEpoch = 0 }: RunEnd): number {
  const limits = [steps, epochs * stepsPerEpoch].filter((limit) => limit > 0);
  return limits.length === 0 ? 0 : Math.min(...limits);
}

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
