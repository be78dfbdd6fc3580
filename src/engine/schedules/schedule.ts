import { type ChoiceOf, defaultsOf, type Hyperparameters, type Values } from "../../lib/hyperparameters.ts";
import { memberOf } from "../../lib/registry.ts";
import { type Schedule, warmupSteps } from "./defineSchedule.ts";
import * as schedules from "./index.ts";

/** What every schedule has that does not have it of its own. */
export const sharedFields = { warmupSteps: warmupSteps(0) } as const satisfies Hyperparameters;

/** One schedule with its values. */
export type ScheduleConfig = ChoiceOf<typeof schedules> & { readonly warmupSteps: number };

/** How the learning rate follows the size of the batch: not at all, in proportion, or with its square root. */
export type BatchScaling = "none" | "linear" | "root";

const exponents: Readonly<Record<BatchScaling, number>> = { none: 0, linear: 1, root: 0.5 };

/** The part of an optimizer's configuration that decides its learning rate. */
export interface ScheduledLearningRate {
  readonly learningRate: number;
  readonly schedule: ScheduleConfig;
  readonly batchScaling: BatchScaling;
  /** The batch size that `learningRate` is meant for. */
  readonly referenceBatch: number;
}

export interface BatchOfStep {
  /** Examples per micro-batch. */
  readonly batchSize: number;
  /** Micro-batches per step. */
  readonly accumulation: number;
}

const scheduleOf = (kind: string): Schedule => memberOf(schedules, kind);

/** Whether a schedule warms up in a way of its own. */
const warmsUp = ({ hyperparameters }: Schedule): boolean => "warmupSteps" in hyperparameters;

/**
 * The learning rate of a step, counted from 1, in float64: scaled with the batch (linearly, Goyal et al. 2017; by the root,
 * Krizhevsky 2014), warmed up evenly, then as the schedule has it from its own step 1 on.
 */
export function learningRateAt(
  { learningRate, schedule: choice, batchScaling, referenceBatch }: ScheduledLearningRate,
  { batchSize, accumulation }: BatchOfStep,
  step: number,
): number {
  const scaled = learningRate * ((batchSize * accumulation) / referenceBatch) ** exponents[batchScaling];
  const schedule = scheduleOf(choice.kind);
  const warmup = warmsUp(schedule) ? 0 : choice.warmupSteps;
  if (step <= warmup) return (scaled * step) / warmup;
  // The configuration was checked against this schedule's definition, so its values are the ones that it asks for.
  return schedule.at(choice as never, scaled, step - warmup);
}

/** Steps in which the schedule's shape shows, its warm-up included; 0 where it has none. */
export function spanOf(choice: ScheduleConfig): number {
  const schedule = scheduleOf(choice.kind);
  return schedule.span(choice as never) + (warmsUp(schedule) ? 0 : choice.warmupSteps);
}

/** What a schedule's values contradict, in the words of a refusal; `undefined` where they hold together. */
export function problemOf(choice: ScheduleConfig): { readonly field: string; readonly message: string } | undefined {
  const schedule = scheduleOf(choice.kind);
  const values: Values & { readonly warmupSteps: number } = choice;
  const { totalSteps } = values;
  // The steps of the others begin after the warm-up
  if (warmsUp(schedule) && typeof totalSteps === "number" && values.warmupSteps > totalSteps) {
    const message = `got ${values.warmupSteps}, expected at most ${totalSteps}, the totalSteps.`;
    return { field: "warmupSteps", message };
  }
  const found = schedule.problem?.(choice as never);
  return found && { field: found.field, message: `got ${String(values[found.field])}, expected ${found.expected}.` };
}

/** The schedule that leaves the learning rate as it is. */
export const defaultSchedule: ScheduleConfig = { kind: "constant", ...defaultsOf(sharedFields) };
