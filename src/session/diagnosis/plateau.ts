import { formatCount, formatMeasure } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { activation, learningRateTimes, optimizerWithDefaults, plainGain, remediesOf } from "./remedies.ts";

/** Steps after any warm-up before which standing still is only waiting. */
const EARLIEST = 500;
/** How near to guessing, and how flat over the last half. */
const NEAR = 0.95;
const FLAT = 0.02;

export const plateau: Diagnosis = {
  label: "Plateau",
  detect({ config, from }, { steps, warmup, training, recent, before, guess, relative, swing }) {
    const isFlat = Math.abs(before - recent) < FLAT * guess && swing < 0.1 * guess;
    if (steps < warmup + EARLIEST || !isFlat || relative(recent) < NEAR) return undefined;
    // The plateau began after the last look that was far from it.
    const far = training.loss.findLastIndex((loss) => Math.abs(loss - recent) > 5 * FLAT * guess);
    const since = training.step[far + 1] ?? from;
    return {
      severity: "warn",
      sentence: `Stuck for ${formatCount(from + steps - since)} steps.`,
      detail: `Training loss stays at ${formatMeasure(recent)}; an answer that ignores the inputs loses ${formatMeasure(guess)}.`,
      evidence: { since, recent, guess, relative: relative(recent) },
      reason:
        "The network gives every example the same answer, and from there the loss is almost flat in all directions. " +
        "Other initial weights or another activation start where there is a slope, and Adam makes more of a small one.",
      remedies: remediesOf(
        plainGain(config),
        optimizerWithDefaults(config, "adam"),
        activation(config, "relu"),
        learningRateTimes(config, 3),
        learningRateTimes(config, 0.3),
      ),
    };
  },
};
