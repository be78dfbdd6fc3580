import { lastUpTo } from "./columns.ts";
import type { LossScaling, MetricsBatch, ScaleChange } from "./protocol.ts";
import type { StepRows } from "./stepRows.ts";

/** What loss scaling did in a run, oldest first; the first change is of the run's first step. */
export type LossScales = LossScaling;

/** Loss scales that grow with a run and can be cut. */
export function createLossScales() {
  const changes: ScaleChange[] = [];
  const skipped: number[] = [];
  return {
    changes,
    skipped,
    append({ scaling }: MetricsBatch): void {
      for (const change of scaling?.changes ?? []) {
        if (change.lossScale !== changes.at(-1)?.lossScale) changes.push(change);
      }
      for (const step of scaling?.skipped ?? []) skipped.push(step);
    },
    /** Forgets everything after `step`. */
    truncate(step: number): void {
      changes.length = 1 + lastUpTo(changes.length, (index) => changes[index]?.step ?? 0, step);
      skipped.length = 1 + lastUpTo(skipped.length, (index) => skipped[index] ?? 0, step);
    },
  };
}

/** What loss scaling did in some steps, after one with the loss scale `before`; nothing where it left all as it was. */
export function scalingOf(rows: readonly StepRows[], before: number | undefined): LossScaling | undefined {
  const changes: ScaleChange[] = [];
  const skipped: number[] = [];
  let last = before;
  for (const { step: steps, ...row } of rows) {
    for (let index = 0; index < steps.length; index++) {
      const [step, lossScale] = [steps[index] as number, row.lossScale[index] as number];
      if (lossScale !== last) changes.push({ step, lossScale });
      last = lossScale;
      if (row.skipped[index] === 1) skipped.push(step);
    }
  }
  return changes.length + skipped.length === 0 ? undefined : { changes, skipped };
}
