import type { RunConfig } from "./config.ts";
import type { Snapshot } from "./run.ts";

/** A configuration that held for the steps after `from`. */
export interface Leg {
  readonly from: number;
  readonly config: RunConfig;
}

/**
 * Where a run has been: what held at which step, and snapshots on the way, from which every step can be computed again.
 */
export interface Course {
  /** The newest snapshot. */
  readonly newest: Snapshot | undefined;
  /** What holds after a step. */
  configAt(step: number): RunConfig;
  /** The first step after `step` after which something else holds; infinity where nothing does. */
  nextChange(step: number): number;
  /** From the next step after `step` on, this holds. */
  change(step: number, config: RunConfig): void;
  /** Keeps a snapshot; of the older ones, fewer and fewer. */
  keep(snapshot: Snapshot): void;
  /** The newest snapshot at or before a step; none where step 0 is nearest. */
  before(step: number): Snapshot | undefined;
  /** The run is at `step` again: what came later is forgotten. */
  cut(step: number): void;
}

/** Snapshots kept, and bytes that they may take together; there are always two. */
const MOST_SNAPSHOTS = 12;
const MOST_BYTES = 2 ** 28;
const BYTES_PER_NUMBER = 4;

const bytesOf = ({ tensors }: Snapshot): number =>
  [...tensors.values()].flat().reduce((sum, { length }) => sum + length * BYTES_PER_NUMBER, 0);

/** The index whose loss leaves the smallest gap for its distance from the end; never that of the newest. */
function leastMissed(steps: readonly number[]): number {
  const last = steps.at(-1) ?? 0;
  const costs = steps.slice(0, -1).map((step, index) => {
    const gap = (steps[index + 1] ?? last) - (steps[index - 1] ?? 0);
    return gap / (last - step + 1);
  });
  return costs.indexOf(Math.min(...costs));
}

/** @param start what step 0 has in place of the initial weights, where a run goes on from those of another. */
export function createCourse(config: RunConfig, start?: Snapshot): Course {
  let legs: Leg[] = [{ from: 0, config }];
  let snapshots: Snapshot[] = [];

  const legAt = (step: number) => legs.findLast(({ from }) => from <= step) ?? { from: 0, config };
  return {
    get newest() {
      return snapshots.at(-1) ?? start;
    },
    configAt: (step) => legAt(step).config,
    nextChange: (step) => legs.find(({ from }) => from > step)?.from ?? Number.POSITIVE_INFINITY,
    change(step, next) {
      legs = [...legs.filter(({ from }) => from < step), { from: step, config: next }];
    },
    keep(snapshot) {
      if (snapshot.step === 0 || snapshot.step === snapshots.at(-1)?.step) return;
      snapshots.push(snapshot);
      const most = Math.max(2, Math.min(MOST_SNAPSHOTS, Math.floor(MOST_BYTES / bytesOf(snapshot))));
      while (snapshots.length > most) snapshots.splice(leastMissed(snapshots.map(({ step }) => step)), 1);
    },
    before: (step) => snapshots.findLast((snapshot) => snapshot.step <= step) ?? start,
    cut(step) {
      const kept = legs.filter(({ from }) => from <= step);
      legs = kept.length > 0 ? kept : legs.slice(0, 1);
      snapshots = snapshots.filter((snapshot) => snapshot.step <= step);
    },
  };
}
