import { formatCount, formatMeasure, formatPercent, formatSetting } from "../../lib/format.ts";
import type { Evaluation } from "../../session/protocol.ts";

/** What a teacher asks for: "validation loss below 0.3 within 500 steps". */
export interface Goal {
  readonly metric: GoalMetric;
  readonly value: number;
  /** Steps it may take; 0 is no limit. */
  readonly steps: number;
}

interface MetricInWords {
  readonly label: string;
  /** Whether the metric is to fall below the value, or to rise above it. */
  readonly falls: boolean;
  readonly of: (evaluation: Evaluation) => number | undefined;
  readonly text: (value: number | undefined) => string;
}

/** What a goal can be about; all on the validation split. */
export const goalMetrics = {
  loss: {
    label: "validation loss",
    falls: true,
    of: ({ loss }) => loss,
    text: (value) => formatMeasure(value),
  },
  accuracy: {
    label: "validation accuracy",
    falls: false,
    of: ({ accuracy }) => accuracy,
    text: (value) => formatPercent(value),
  },
} as const satisfies Readonly<Record<string, MetricInWords>>;

export type GoalMetric = keyof typeof goalMetrics;

const metricOf = ({ metric }: Goal): MetricInWords => goalMetrics[metric];

const MAX_STEPS = 1e9;

/** `loss,0.3,500`. */
export const encodeGoal = ({ metric, value, steps }: Goal): string => `${metric},${value},${steps}`;

/** The goal of a text; `undefined` for text that is none. */
export function decodeGoal(text: string): Goal | undefined {
  const [metric = "", value = "", steps = "", ...rest] = text.split(",");
  if (rest.length > 0 || !Object.hasOwn(goalMetrics, metric)) return undefined;
  const goal = { metric: metric as GoalMetric, value: Number(value), steps: Number(steps) };
  const isNumber = /^\d+(\.\d+)?(e-?\d+)?$/i.test(value) && goal.value > 0 && goal.value < 1e9;
  const isCount = /^\d{1,10}$/.test(steps) && goal.steps <= MAX_STEPS;
  return isNumber && isCount ? goal : undefined;
}

/** `validation loss below 0.3 within 500 steps`. */
export function describeGoal(goal: Goal): string {
  const { label, falls } = metricOf(goal);
  const value = goal.metric === "accuracy" ? formatPercent(goal.value) : formatSetting(goal.value);
  const within = goal.steps > 0 ? ` within ${formatCount(goal.steps)} steps` : "";
  return `${label} ${falls ? "below" : "above"} ${value}${within}`;
}

export interface GoalProgress {
  readonly state: "open" | "reached" | "missed";
  /** The first step at which the goal was reached. */
  readonly reachedAt?: number;
  /** The best value so far, in time. */
  readonly best: number | undefined;
}

/** How far a run is, from its evaluations on the validation split, in the order of their steps. */
export function progressOf(goal: Goal, evaluations: readonly Evaluation[], step: number): GoalProgress {
  const { falls, of } = metricOf(goal);
  const inTime = goal.steps > 0 ? evaluations.filter((each) => each.step <= goal.steps) : evaluations;
  const values = inTime.flatMap((each) => {
    const value = of(each);
    return value === undefined || !Number.isFinite(value) ? [] : [{ step: each.step, value }];
  });
  const best = values.reduce<number | undefined>(
    (found, { value }) => (found === undefined || (falls ? value < found : value > found) ? value : found),
    undefined,
  );
  const reached = values.find(({ value }) => (falls ? value < goal.value : value > goal.value));
  if (reached !== undefined) return { state: "reached", reachedAt: reached.step, best };
  const isOver = goal.steps > 0 && (step > goal.steps || (evaluations.at(-1)?.step ?? 0) >= goal.steps);
  return { state: isOver ? "missed" : "open", best };
}

/** The progress in words. */
export function describeProgress(goal: Goal, { state, reachedAt, best }: GoalProgress, step: number): string {
  const shown = metricOf(goal).text(best);
  if (state === "reached") return `Reached at step ${formatCount(reachedAt)}, best ${shown}.`;
  if (state === "missed") return `Missed: best ${shown} by step ${formatCount(goal.steps)}. Reset to try again.`;
  const of = goal.steps > 0 ? ` of ${formatCount(goal.steps)}` : "";
  return `Best ${shown} at step ${formatCount(step)}${of}.`;
}
