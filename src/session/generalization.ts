import type { Evaluation } from "./protocol.ts";

/** How far a run does better on what it has seen than on what it has not. Losses are means over whole splits. */
export interface Generalization {
  /** Of the last evaluation of both splits. */
  readonly step: number;
  readonly train: number;
  readonly validation: number;
  /** Validation loss minus training loss. */
  readonly gap: number;
  /** Validation loss over training loss; nothing where the training loss is 0. */
  readonly ratio: number | undefined;
  /** The step from which on the gap has grown until now; nothing where it does not grow. */
  readonly growsSince: number | undefined;
  /** The lowest validation loss so far. */
  readonly best: Evaluation;
}

interface GapPoint {
  readonly step: number;
  readonly gap: number;
}

/** Points of the gap that are looked at: enough to date its growth to a part in five hundred of the run. */
const POINTS = 512;
/** Evaluations whose median stands for one, so that a single bad one is no growth. */
const WINDOW = 5;
/** A gap has grown when it has risen by this many times what it jumps by from one evaluation to the next. */
const NOISES = 4;
/** A gap that has lost more than this share of its rise grows no longer. */
const FALLEN = 0.25;
/** Growth begins where the gap leaves its lowest value by this share of the rise for the last time. */
const ONSET = 0.1;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
};

/** Every so many evaluations the median gap around one, oldest first; the last one is always there. */
function gapPoints(train: readonly Evaluation[], validation: readonly Evaluation[]): readonly GapPoint[] {
  const count = Math.min(train.length, validation.length);
  const stride = Math.max(1, Math.ceil(count / POINTS));
  const gapAt = (index: number) => (validation[index]?.loss ?? Number.NaN) - (train[index]?.loss ?? Number.NaN);
  const points: GapPoint[] = [];
  for (let index = (count - 1) % stride; index < count; index += stride) {
    const reach = Math.min(Math.floor(WINDOW / 2), index, count - 1 - index);
    const near = Array.from({ length: 2 * reach + 1 }, (_, offset) => gapAt(index - reach + offset));
    points.push({ step: validation[index]?.step ?? 0, gap: median(near) });
  }
  return points.filter(({ gap }) => Number.isFinite(gap));
}

/**
 * The step from which on a gap has grown until now. It is said to grow when it has risen from its lowest value by more
 * than its noise explains, and has kept most of that rise.
 */
function growthOf(points: readonly GapPoint[]): number | undefined {
  const gaps = points.map(({ gap }) => gap);
  const lowest = gaps.indexOf(Math.min(...gaps));
  const after = points.slice(lowest);
  const least = after[0]?.gap ?? 0;
  const rise = Math.max(...after.map(({ gap }) => gap)) - least;
  const now = (after.at(-1)?.gap ?? least) - least;
  const noise = median(gaps.slice(1).map((gap, index) => Math.abs(gap - (gaps[index] ?? gap))));
  if (after.length < WINDOW || !(rise > NOISES * noise) || now < (1 - FALLEN) * rise) return undefined;
  const onset = after.findLastIndex(({ gap }) => gap <= least + ONSET * rise);
  return after[onset]?.step;
}

/**
 * The gap between two curves of evaluations that were made side by side. Nothing before the first pair.
 *
 * @param train evaluations of the training split, oldest first, one for each of `validation`.
 */
export function generalizationOf(
  train: readonly Evaluation[],
  validation: readonly Evaluation[],
): Generalization | undefined {
  const [trained, validated] = [train.at(-1), validation.at(-1)];
  if (trained === undefined || validated === undefined) return undefined;
  const gap = validated.loss - trained.loss;
  return {
    ...{ step: validated.step, train: trained.loss, validation: validated.loss, gap },
    ratio: trained.loss === 0 ? undefined : validated.loss / trained.loss,
    growsSince: gap > 0 ? growthOf(gapPoints(train, validation)) : undefined,
    best: validation.reduce((best, each) => (each.loss < best.loss ? each : best)),
  };
}
