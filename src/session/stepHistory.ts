import { createColumn, lastUpTo, linearSegments, logSegments, type RowRange, type Segment } from "./columns.ts";
import type { WindowRange } from "./evaluations.ts";
import type { MetricsBatch } from "./protocol.ts";
import { type Buckets, createPyramid, type Pyramid } from "./pyramid.ts";

/** A run's curves with at most as many points as a plot has pixels; columns of one length, oldest first. */
export interface MetricsWindow {
  /** The last step of each bucket. */
  readonly step: Float64Array;
  /** Seconds of training up to the last step of each bucket. */
  readonly seconds: Float64Array;
  /** Mean over the bucket's finite values; NaN, a gap, where it has none. */
  readonly loss: Float64Array;
  readonly lossMin: Float64Array;
  readonly lossMax: Float64Array;
  /** Before clipping. */
  readonly gradNorm: Float64Array;
  readonly gradNormMin: Float64Array;
  readonly gradNormMax: Float64Array;
  /** At the last step of each bucket. */
  readonly learningRate: Float64Array;
  readonly penalty: Float64Array;
  /** Fraction of the bucket's steps whose gradient was clipped, by its norm or some element by value. */
  readonly clipRate: Float64Array;
}

/** Rows that are kept: 80 MB. */
export const MOST_ROWS = 2 ** 20;

/** The rows of a history, one per step; of a very long run every other one of those so far, again and again. */
export interface StepHistory {
  readonly columns: {
    readonly step: Float64Array;
    readonly learningRate: Float64Array;
    readonly seconds: Float64Array;
    readonly clipFactor: Float64Array;
    readonly loss: Float64Array;
    readonly gradNorm: Float64Array;
    readonly penalty: Float64Array;
  };
  append(batch: MetricsBatch): void;
  truncate(step: number): void;
  clear(): void;
  rowOf(step: number): number;
  window(points: number, range?: WindowRange): MetricsWindow;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    all.set(part, filled);
    filled += part.length;
  }
  return all;
}

function bucketsOf(pyramid: Pyramid, segments: readonly Segment[]): Buckets {
  const parts = segments.map(({ level, first, count }) => pyramid.buckets(level, first, count));
  return {
    mean: joined(parts.map(({ mean }) => mean)),
    min: joined(parts.map(({ min }) => min)),
    max: joined(parts.map(({ max }) => max)),
  };
}

/** Running sum, going on from `start`. */
function cumulated(values: Float64Array, start: number): Float64Array {
  let sum = start;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** Throws a `RangeError` where the columns of a batch differ in length. */
function expectWholeRows({ step, learningRate, seconds, clipFactor, loss, gradNorm, penalty }: MetricsBatch): void {
  const lengths = [step, loss, gradNorm, learningRate, penalty, clipFactor, seconds].map(({ length }) => length);
  if (new Set(lengths).size === 1) return;
  throw new RangeError(`metrics: got columns of ${lengths.join(", ")} rows, expected one length. Send whole rows.`);
}

/** Of each two rows the one with the higher loss, so that spikes and gaps stay. */
function halfOfRows(loss: Float64Array): Uint32Array {
  const kept = new Uint32Array(Math.ceil(loss.length / 2));
  for (let index = 0; index < kept.length; index++) {
    const row = 2 * index;
    const first = loss[row] as number;
    const isLast = row + 1 === loss.length;
    kept[index] = isLast || first > (loss[row + 1] as number) || Number.isNaN(first) ? row : row + 1;
  }
  return kept;
}

export function createStepHistory(): StepHistory {
  const columns = { step: createColumn(), learningRate: createColumn(), seconds: createColumn() };
  const factors = createColumn();
  const pyramids = { loss: createPyramid(), gradNorm: createPyramid(), penalty: createPyramid() };
  const clipped = createPyramid();
  const plain = [...Object.values(columns), factors];
  const bucketed = [...Object.values(pyramids), clipped];

  const steps = () => columns.step.view();
  const rowOf = (step: number) => lastUpTo(steps().length, (index) => steps()[index] ?? 0, step);
  const rowsOf = ({ fromStep, toStep }: WindowRange): RowRange => ({
    // One more on each side, so that lines reach the border.
    from: fromStep === undefined ? 0 : Math.max(0, rowOf(fromStep)),
    to: toStep === undefined ? steps().length : Math.min(steps().length, rowOf(toStep) + 2),
  });
  const halve = () => {
    const kept = halfOfRows(pyramids.loss.values());
    for (const column of [...plain, ...bucketed]) column.halve(kept);
  };

  return {
    columns: {
      get step() {
        return steps();
      },
      get learningRate() {
        return columns.learningRate.view();
      },
      get seconds() {
        return columns.seconds.view();
      },
      get clipFactor() {
        return factors.view();
      },
      get loss() {
        return pyramids.loss.values();
      },
      get gradNorm() {
        return pyramids.gradNorm.values();
      },
      get penalty() {
        return pyramids.penalty.values();
      },
    },
    append(batch) {
      expectWholeRows(batch);
      // Halving can keep the last row's neighbour instead, whose sum is a smaller one
      const before = columns.seconds.view().at(-1) ?? 0;
      if (steps().length + batch.step.length > MOST_ROWS) halve();
      columns.seconds.push(cumulated(batch.seconds, before));
      columns.step.push(batch.step);
      columns.learningRate.push(batch.learningRate);
      factors.push(batch.clipFactor);
      clipped.push(batch.clipFactor.map((factor) => (factor < 1 ? 1 : 0)));
      pyramids.loss.push(batch.loss);
      pyramids.gradNorm.push(batch.gradNorm);
      pyramids.penalty.push(batch.penalty);
    },
    truncate(step) {
      const length = rowOf(step) + 1;
      for (const column of [...plain, ...bucketed]) column.truncate(length);
    },
    clear() {
      for (const column of [...plain, ...bucketed]) column.clear();
    },
    rowOf,
    window(points, range = {}) {
      if (!Number.isSafeInteger(points) || points < 1) {
        throw new RangeError(`points: got ${points}, expected a positive integer. Pass the plot's width in pixels.`);
      }
      const segments = (range.log === true ? logSegments : linearSegments)(rowsOf(range), points);
      const last = (name: keyof typeof columns) =>
        joined(
          segments.map(({ level, first, count }) =>
            Float64Array.from({ length: count }, (_, index) => columns[name].lastOf(first + index, level)),
          ),
        );
      const [loss, gradNorm] = [bucketsOf(pyramids.loss, segments), bucketsOf(pyramids.gradNorm, segments)];
      return {
        ...{ step: last("step"), seconds: last("seconds"), learningRate: last("learningRate") },
        ...{ loss: loss.mean, lossMin: loss.min, lossMax: loss.max },
        ...{ gradNorm: gradNorm.mean, gradNormMin: gradNorm.min, gradNormMax: gradNorm.max },
        penalty: bucketsOf(pyramids.penalty, segments).mean,
        clipRate: bucketsOf(clipped, segments).mean,
      };
    },
  };
}
