import type { Definition, Hyperparameters, NumberParameter, ValuesOf } from "../../lib/hyperparameters.ts";

/**
 * How the learning rate changes over the steps: a pure function, computed by the host in float64. The formulas are
 * written out in the sources; where PyTorch has the schedule, it is PyTorch's.
 */
export interface Schedule extends Definition {
  readonly source: string;
  /** The learning rate of a step, counted from 1 after any shared warm-up; `learningRate` is the one that was set. */
  at(values: never, learningRate: number, step: number): number;
  /** Steps in which the shape shows, for a picture of it; 0 for a shape without an end or a scale. */
  span(values: never): number;
  /** Values that are right one by one and not together. */
  problem?(values: never): ScheduleProblem | undefined;
}

export interface ScheduleProblem {
  readonly field: string;
  readonly expected: string;
}

/** Checks a definition against `Schedule` while keeping its literal types, from which the config union is derived. */
export const defineSchedule = <const H extends Hyperparameters>(schedule: {
  readonly label: string;
  readonly source: string;
  readonly hyperparameters: H;
  at(values: ValuesOf<H>, learningRate: number, step: number): number;
  span(values: ValuesOf<H>): number;
  problem?(values: ValuesOf<H>): ScheduleProblem | undefined;
}): typeof schedule => schedule;

/** Most steps that a schedule can speak of. */
const MOST_STEPS = 1_000_000_000;

interface StepsParameter {
  readonly label: string;
  readonly usual: number;
  readonly help: string;
  readonly min?: number;
}

/** A number of optimizer steps. */
export const stepsParameter = ({ label, usual, help, min = 1 }: StepsParameter) =>
  ({
    kind: "number",
    label,
    default: usual,
    min,
    max: MOST_STEPS,
    slider: [min, 20_000],
    scale: "log",
    integer: true,
    help,
  }) as const satisfies NumberParameter;

/** Steps of a linear rise from 0; `min` 1 where the schedule cannot be without one. */
export const warmupSteps = (usual: number, min = 0) =>
  stepsParameter({
    label: "Warm-up steps",
    usual,
    min,
    help: "The learning rate rises evenly from 0 over these steps; then the schedule begins.",
  });

export const totalSteps = (help: string) => stepsParameter({ label: "Total steps", usual: 2000, help });

/** A fraction of the learning rate that was set. */
export const fraction = (label: string, usual: number, help: string) =>
  ({
    kind: "number",
    label,
    default: usual,
    min: 0,
    max: 1,
    scale: "linear",
    help,
  }) as const satisfies NumberParameter;

export const finalFraction = (usual: number) =>
  fraction("Final fraction", usual, "Of the learning rate, at the end; it stays there.");

/** From 1 at `progress` 0 to `end` at `progress` 1 along half a cosine (Loshchilov & Hutter 2017); it stays there. */
export const cosineBetween = (end: number, progress: number): number =>
  end + (1 - end) * 0.5 * (1 + Math.cos(Math.PI * Math.min(progress, 1)));
