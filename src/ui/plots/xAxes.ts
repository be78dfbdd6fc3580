import { formatCount, formatSetting } from "../../lib/format.ts";
import type { Clock } from "./source.ts";

/** A unit of the x axis; it grows with the step. */
export interface XAxis {
  readonly label: string;
  at(step: number, clock: Clock): number;
  /** A place on it in words: "step 1,240". */
  describe(value: number): string;
  /** A number at the axis. */
  tick(value: number): string;
  /** Ticks are round multiples of it, on an axis up to `high`. */
  unit(high: number): number;
}

/** Letters for powers of a thousand, the largest first. */
const letters = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** A number beside an axis: `0.05`, `2,500`, `60k`, `1.2M`, `1e17`. */
export function formatTick(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size < 10_000 || size >= 1e15) return formatSetting(value);
  const [unit, letter] = letters.find(([least]) => size >= least) ?? [1, ""];
  return `${formatSetting(rounded / unit)}${letter}`;
}

/** `20 ms`, `40 s`, `2:30`, `1:02:30`. */
export function formatSeconds(seconds: number): string {
  if (seconds > 0 && seconds < 0.1) return `${formatSetting(1000 * seconds)}\u2009ms`;
  if (seconds < 60) return `${formatSetting(seconds)}\u2009s`;
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [first = 0, ...others] = parts[0] === 0 ? parts.slice(1) : parts;
  return [String(first), ...others.map((part) => String(part).padStart(2, "0"))].join(":");
}

export const xAxes = {
  step: {
    label: "step",
    at: (step) => step,
    describe: (value) => `step ${formatCount(value)}`,
    tick: formatTick,
    unit: () => 1,
  },
  epoch: {
    label: "epoch",
    at: (step, clock) => clock.epochsAt(step),
    describe: (value) => `epoch ${formatSetting(value)}`,
    tick: formatTick,
    unit: () => 1,
  },
  samples: {
    label: "samples",
    at: (step, clock) => clock.samplesAt(step),
    describe: (value) => `${formatCount(value)} samples`,
    tick: formatTick,
    unit: () => 1,
  },
  time: {
    label: "time",
    at: (step, clock) => clock.secondsAt(step),
    describe: (value) => `after ${formatSeconds(value)}`,
    tick: formatSeconds,
    unit: (high) => (high > 7200 ? 3600 : high > 120 ? 60 : 1),
  },
} as const satisfies Readonly<Record<string, XAxis>>;

export type XAxisKind = keyof typeof xAxes;

/** The step that is closest to a place on the axis, between 0 and `lastStep`; `xAt` grows with the step. */
export function stepAt(place: number, xAt: (step: number) => number, lastStep: number): number {
  let [low, high] = [0, lastStep];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (xAt(middle) <= place) low = middle;
    else high = middle;
  }
  return place - xAt(low) <= xAt(high) - place ? low : high;
}
