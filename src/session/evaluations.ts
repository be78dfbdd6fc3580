import { lastUpTo } from "./columns.ts";
import type { Evaluation } from "./protocol.ts";
import { createThinned, type Thinned } from "./thinned.ts";

export type EvaluatedSplit = "train" | "validation";
export type EvaluationMetric = "loss" | "accuracy";

/** Which part of a run a window shows, and how; all of it, evenly, where nothing is said. */
export interface WindowRange {
  readonly fromStep?: number;
  readonly toStep?: number;
  /** As many buckets for each doubling of the step. */
  readonly log?: boolean;
}

/** A split's evaluations, and what is needed to thin them. */
export function createEvaluations() {
  let all: Evaluation[] = [];
  const thinned: Readonly<Record<EvaluationMetric, Thinned<Evaluation>>> = {
    loss: createThinned(({ loss }) => loss),
    accuracy: createThinned(({ accuracy = Number.NaN }) => accuracy),
  };
  const upTo = (step: number) => lastUpTo(all.length, (index) => all[index]?.step ?? 0, step) + 1;
  const cut = (length: number) => {
    all = all.slice(0, length);
    for (const curve of Object.values(thinned)) curve.truncate(length);
  };
  return {
    all: () => all,
    /**
     * Takes one evaluation per step, ascending. A run that pauses is evaluated there once more: the newer one counts. A
     * run whose device was lost computes some steps again: those are known.
     */
    push(added: readonly Evaluation[]) {
      for (const evaluation of added) {
        const last = all.at(-1)?.step ?? -1;
        if (evaluation.step < last) continue;
        if (evaluation.step === last) cut(all.length - 1);
        all.push(evaluation);
        for (const curve of Object.values(thinned)) curve.push(evaluation);
      }
    },
    truncate: (step: number) => cut(upTo(step)),
    clear: () => cut(0),
    window(metric: EvaluationMetric, points: number, { fromStep = 0, toStep = Number.POSITIVE_INFINITY }: WindowRange) {
      // One more on each side, so that lines reach the border.
      return thinned[metric].window(points, Math.max(0, upTo(fromStep) - 1), upTo(toStep) + 1);
    },
  };
}

/** The evaluation with the lowest loss, the earliest of them; `before` came before all of these. */
export const earliestBest = (evaluations: readonly Evaluation[], before?: Evaluation): Evaluation | undefined =>
  evaluations.reduce<Evaluation | undefined>(
    (best, each) => (best === undefined || each.loss < best.loss ? (Number.isFinite(each.loss) ? each : best) : best),
    before,
  );
