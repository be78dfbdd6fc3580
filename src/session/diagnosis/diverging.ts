import { formatCount, formatMeasure, formatSetting } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import type { RunRecord } from "./record.ts";
import { clipNorm, largerBatch, learningRateTimes, remediesOf } from "./remedies.ts";
import { between, median, type Signals } from "./signals.ts";

/** Steps before which a loss may still find its way. */
const EARLIEST = 20;
/** The loss now, in units of the larger of start and guess, from which on the run is going up. */
const RISEN = 1.5;
/** One batch with so many times that loss has thrown the weights somewhere else. */
const THROWN = 8;

/** The step and size of the largest loss of a batch after the first few. */
function peakOf({ curve }: RunRecord): { readonly step: number; readonly loss: number } {
  let [step, loss] = [0, 0];
  for (const [index, value] of curve.lossMax.entries())
    if (value > loss) [step, loss] = [curve.step[index] ?? 0, value];
  return { step, loss };
}

/** Batches of fewer examples swing because of what is in them, whatever the step. */
const FEW = 8;

/** Swinging: the loss keeps coming up again, in batches as in the whole split. */
function swings(run: RunRecord, { training, guess, relative, swing }: Signals): boolean {
  const { batchSize, accumulation } = run.config.compute;
  if (batchSize * accumulation < FEW) return false;
  const late = between(training, 0.5, 1);
  const ups = [...run.curve.lossMax.slice(Math.floor(run.curve.lossMax.length / 2))];
  return Math.max(...ups) > 2 * guess && swing > 0.06 * guess && relative(median(late)) > 0.1;
}

export const diverging: Diagnosis = {
  label: "Diverging",
  detect(run, signals) {
    const { steps, start, guess, recent } = signals;
    const reference = Math.max(start, guess);
    const peak = peakOf(run);
    if (steps < EARLIEST) return undefined;
    const isRising = recent > RISEN * reference;
    const wasThrown = peak.loss > THROWN * reference && recent > 0.85 * guess;
    const isSwinging = steps >= 5 * EARLIEST && swings(run, signals);
    if (!isRising && !wasThrown && !isSwinging) return undefined;
    const { learningRate } = run.config.optimizer;
    const recentText = `the training loss is ${formatMeasure(recent)}, that of guessing ${formatMeasure(guess)}`;
    return {
      severity: "warn",
      sentence: isRising
        ? "Diverging: the steps are too long."
        : wasThrown
          ? `Thrown off at step ${formatCount(peak.step)}.`
          : "The loss swings: the steps are too long.",
      detail: `Single batches lost up to ${formatMeasure(peak.loss)}; now ${recentText}.`,
      evidence: { recent, peak: peak.loss, peakStep: peak.step, start, guess, learningRate },
      reason:
        `At a learning rate of ${formatSetting(learningRate)} a step lands beyond the valley, higher up than it began. ` +
        "Shorter steps stay inside, and clipped gradients keep one steep place from throwing the weights far away.",
      remedies: remediesOf(learningRateTimes(run.config, 0.1), clipNorm(run.config), largerBatch(run.config)),
    };
  },
};
