import type { Evaluation } from "../protocol.ts";
import type { RunRecord } from "./record.ts";

/** A curve over steps, oldest first. */
export interface Series {
  /** The step that the record begins at. */
  readonly from: number;
  readonly step: readonly number[];
  readonly loss: readonly number[];
}

/** What several diagnoses want to know of a run, computed once. */
export interface Signals {
  /** Steps that the run has taken since the record begins. */
  readonly steps: number;
  /** The training loss: on the whole split where it was evaluated often enough, else in batches. */
  readonly training: Series;
  /** Validation losses that are finite. */
  readonly validation: Series;
  /** Training loss before the first of them, or in it. */
  readonly start: number;
  /** Of the best answer that ignores the inputs; the start's where that is not known. */
  readonly guess: number;
  /** What wrong labels leave of the loss even to a perfect model. */
  readonly floor: number;
  /** Mean training loss over the last quarter of the steps, over the quarter before that, and over the one before. */
  readonly recent: number;
  readonly before: number;
  readonly earlier: number;
  /** Size of the swings of the training loss from one point to the next, over the last half; a standard deviation. */
  readonly swing: number;
  /** Steps over which the schedule raised the learning rate. */
  readonly warmup: number;
  /** 1: as bad as guessing, 0: as good as the labels allow. */
  readonly relative: (loss: number) => number;
}

/** Evaluations from which on they describe the curve better than batches do. */
const ENOUGH = 10;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : mean(sorted.slice(middle - 1, middle + 1));
};

/** The part of a series between two fractions of its steps. */
export function between({ from, step, loss }: Series, low: number, high: number): readonly number[] {
  const length = (step.at(-1) ?? from) - from;
  return loss.filter((_, index) => {
    const passed = (step[index] ?? 0) - from;
    return passed > low * length && passed <= high * length;
  });
}

const seriesOf = (evaluations: readonly Evaluation[], from: number): Series => {
  const finite = evaluations.filter(({ loss }) => Number.isFinite(loss));
  return { from, step: finite.map(({ step }) => step), loss: finite.map(({ loss }) => loss) };
};

/** Mean losses of batches. */
function batchSeries({ curve, from }: RunRecord): Series {
  const finite = [...curve.loss.keys()].filter((index) => Number.isFinite(curve.loss[index]));
  return {
    from,
    step: finite.map((index) => curve.step[index] ?? 0),
    loss: finite.map((index) => curve.loss[index] ?? 0),
  };
}

/** Neighbours differ by √2 standard deviations in the mean, whatever slow trend lies under them. */
const swingOf = (losses: readonly number[]): number =>
  Math.sqrt(mean(losses.slice(1).map((loss, index) => (loss - (losses[index] ?? 0)) ** 2)) / 2);

/** Cross-entropy of a perfect model where a fraction of the training classes is wrong, evenly over the others. */
function classFloor(wrong: number, guess: number): number {
  if (wrong <= 0 || wrong >= 1) return wrong >= 1 ? guess : 0;
  const classes = Math.exp(guess);
  const entropy = -wrong * Math.log(wrong) - (1 - wrong) * Math.log(1 - wrong);
  return Math.min(guess, entropy + wrong * Math.log(Math.max(1, classes - 1)));
}

/** Normal noise on standardised targets adds its variance to the squared error of a perfect model. */
function floorOf({ config, train }: RunRecord, guess: number): number {
  const { labelNoise } = config.data;
  const isClassification = train.some(({ accuracy }) => accuracy !== undefined);
  return isClassification ? classFloor(labelNoise, guess) : (guess * labelNoise ** 2) / (1 + labelNoise ** 2);
}

/** Steps until the learning rate first was the largest of the run, if it rose to there from its first value. */
function warmupOf({ curve, from }: RunRecord): number {
  const rates = [...curve.learningRate];
  const peak = rates.indexOf(Math.max(...rates));
  return (rates[0] ?? 0) < (rates[peak] ?? 0) ? (curve.step[peak] ?? from) - from : 0;
}

/** Derives the signals in time proportional to the record. */
export function signalsOf(run: RunRecord): Signals {
  const evaluated = seriesOf(run.train, run.from);
  const training = evaluated.loss.length >= ENOUGH ? evaluated : batchSeries(run);
  const start = run.train[0]?.loss ?? run.curve.loss[0] ?? Number.NaN;
  const guess = run.guess ?? start;
  const floor = floorOf(run, guess);
  return {
    steps: Math.max(0, (run.curve.step.at(-1) ?? run.from) - run.from),
    training,
    validation: seriesOf(run.validation, run.from),
    ...{ start, guess, floor },
    recent: mean(between(training, 0.75, 1)),
    before: mean(between(training, 0.5, 0.75)),
    earlier: mean(between(training, 0.25, 0.5)),
    swing: swingOf(between(training, 0.5, 1)),
    warmup: warmupOf(run),
    relative: (loss) => (loss - floor) / (guess - floor),
  };
}
