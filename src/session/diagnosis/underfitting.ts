import { formatMeasure } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import type { RunRecord } from "./record.ts";
import { dropout, lessWeightDecay, oneMoreLayer, remediesOf, weightDecayOf, widerLayers } from "./remedies.ts";
import { percent } from "./wording.ts";

const EARLIEST = 600;
/** Of guessing's loss: between what has been learned well enough and what has not been learned at all. */
const LEAST = 0.4;
/** Regularisation keeps the loss up on purpose; more than this is too much. */
const LEAST_HELD_BACK = 0.75;
const MOST = 0.95;
/** Relative fall from the third quarter to the last. */
const FLAT = 0.06;
/** What is strong enough to keep a network from fitting. */
const isHeldBack = (config: RunRecord["config"]) =>
  config.model.dropout >= 0.4 || config.loss.l2 > 0.01 || config.loss.l1 > 0.001 || weightDecayOf(config) >= 0.5;

export const underfitting: Diagnosis = {
  label: "Underfitting",
  detect(
    { config, parameters, trainExamples },
    { steps, warmup, validation, recent, before, earlier, relative, guess, floor },
  ) {
    const held = isHeldBack(config);
    // With a parameter for each example it is not the network that is too small: the examples contradict each other.
    if (!held && parameters > trainExamples) return undefined;
    const level = relative(recent);
    const isFlat = Math.max(before - recent, (earlier - recent) / 2) < FLAT * (before - floor);
    if (steps < warmup + EARLIEST || level < (held ? LEAST_HELD_BACK : LEAST) || level > MOST || !isFlat)
      return undefined;
    const now = validation.loss.at(-1) ?? recent;
    // With a wide gap it is not the network that is too small.
    if (now > recent + 0.25 * (guess - floor)) return undefined;
    return {
      severity: "warn",
      sentence: held ? "Underfitting: held back too much." : "Underfitting: the network is too small.",
      detail: `Both losses have levelled at ${formatMeasure(recent)}, ${percent(level)} of guessing's.`,
      evidence: { recent, validation: now, level, guess },
      reason: held
        ? "What keeps the weights small or silences units leaves too little of the network to fit even the training examples. " +
          "Less of it lets the training loss go down."
        : "The network cannot bend enough to fit even the examples that it is trained on, so validation is as bad. " +
          "More units or layers give it more bends.",
      remedies: remediesOf(
        ...(held ? [dropout(config, 0), lessWeightDecay(config)] : []),
        widerLayers(config),
        oneMoreLayer(config),
        lessWeightDecay(config),
      ),
    };
  },
};
