import { lastUpTo } from "./columns.ts";
import type { MetricsBatch } from "./protocol.ts";

/** A loss scale that is another one than that of the step before. */
export interface ScaleChange {
  readonly step: number;
  readonly lossScale: number;
}

/** What loss scaling did in a run, oldest first: it acts seldom, so that only its acts are kept. */
export interface LossScales {
  /** The first one is of the run's first step. */
  readonly changes: readonly ScaleChange[];
  /** Steps whose update an overflow in half precision cancelled. */
  readonly skipped: readonly number[];
}

/** Loss scales that grow with a run and can be cut. */
export function createLossScales() {
  const changes: ScaleChange[] = [];
  const skipped: number[] = [];
  return {
    changes,
    skipped,
    append({ step: steps, scaling }: MetricsBatch): void {
      if (scaling === undefined) return;
      for (const [index, lossScale] of scaling.lossScale.entries()) {
        if (lossScale !== changes.at(-1)?.lossScale) changes.push({ step: steps[index] ?? 0, lossScale });
      }
      for (const step of scaling.skipped) skipped.push(step);
    },
    /** Forgets everything after `step`. */
    truncate(step: number): void {
      changes.length = 1 + lastUpTo(changes.length, (index) => changes[index]?.step ?? 0, step);
      skipped.length = 1 + lastUpTo(skipped.length, (index) => skipped[index] ?? 0, step);
    },
  };
}
