import { formatCount, formatMeasure, formatSetting } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import type { RunRecord } from "./record.ts";
import { dropout, earlyStopping, moreData, moreWeightDecay, remediesOf } from "./remedies.ts";
import { between, mean, median, type Series, type Signals } from "./signals.ts";
import { percent } from "./wording.ts";

type Found = ReturnType<Diagnosis["detect"]>;

/** Looks after the best one that a rise needs. */
const ENOUGH = 6;
/** The rise of the validation loss over its best, relative and as a part of guessing's loss, that is no accident. */
const RISE = 1.12;
const WORTH = 0.04;

/**
 * The smoothed curve's lowest point: three looks together, so that one lucky look is not the best. Its step is that of the
 * lowest of the three.
 */
function lowest({ step, loss }: Series): { readonly index: number; readonly step: number; readonly loss: number } {
  const smooth = loss.map((_, index) => mean(loss.slice(Math.max(0, index - 1), index + 2)));
  const index = smooth.indexOf(Math.min(...smooth));
  const first = Math.max(0, index - 1);
  const near = loss.slice(first, index + 2);
  const at = first + near.indexOf(Math.min(...near));
  return { index, step: step[at] ?? 0, loss: smooth[index] ?? Number.NaN };
}

/** The training loss around a step. */
function lossAt({ step, loss }: Series, at: number): number {
  const index = step.findIndex((value) => value >= at);
  return mean(loss.slice(Math.max(0, index - 1), index + 2));
}

/** How far behind training validation may stay, as a part of guessing's loss. */
const BEHIND = 0.3;

const reason =
  "The network has parameters to spare and spends them on what only these examples have, their noise. " +
  "More examples make that noise harder to learn, and decay, dropout or an earlier end leave less room for it.";

const remedies = ({ config }: RunRecord) =>
  remediesOf(moreWeightDecay(config), moreData(config), dropout(config, 0.5), earlyStopping(config));

const riseText = (rise: number) =>
  rise < 1 ? `rose ${percent(rise)} over its best` : `is ${formatSetting(1 + rise, 2)} times its best`;

/** The validation loss has turned while the training loss goes on falling. */
function turned(run: RunRecord, { validation, training, guess, recent, floor }: Signals): Found {
  const best = lowest(validation);
  const after = validation.loss.slice(best.index + 1);
  if (after.length < ENOUGH) return undefined;
  const now = median(after.slice(-Math.max(ENOUGH, Math.floor(after.length / 3))));
  const before = lossAt(training, best.step);
  const hasRisen = now > RISE * best.loss && now - best.loss > WORTH * (guess - floor);
  const hasFallen = recent < 0.9 * before && now > 1.2 * recent;
  if (!hasRisen || !hasFallen) return undefined;
  const [rise, fall] = [now / best.loss - 1, 1 - recent / before];
  return {
    severity: "warn",
    sentence: best.step === 0 ? "Overfitting from the start." : `Overfitting since step ${formatCount(best.step)}.`,
    detail: `Validation loss ${riseText(rise)}, while training loss fell ${percent(fall)}.`,
    evidence: { since: best.step, best: best.loss, now, training: recent, rise, fall },
    reason,
    remedies: remedies(run),
  };
}

/** The validation loss never came down with the training loss. */
function leftBehind(run: RunRecord, { validation, guess, recent, floor, steps }: Signals): Found {
  const late = between(validation, 0.5, 1);
  const [before, now] = [median(between(validation, 0.5, 0.75)), median(between(validation, 0.75, 1))];
  const gap = now - recent;
  if (late.length < 2 * ENOUGH || now < 0.97 * before || gap < BEHIND * (guess - floor)) return undefined;
  return {
    severity: "warn",
    sentence: "Overfitting: validation stays behind.",
    detail: `Validation loss stays at ${formatMeasure(now)}, ${formatMeasure(gap)} above training loss.`,
    evidence: { now, training: recent, gap, steps },
    reason,
    remedies: remedies(run),
  };
}

export const overfitting: Diagnosis = {
  label: "Overfitting",
  detect: (run, signals) => turned(run, signals) ?? leftBehind(run, signals),
};
