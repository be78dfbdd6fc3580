import { formatMeasure } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { between, mean, type Series } from "./signals.ts";
import { percent } from "./wording.ts";

/** Steps before which there is nothing to say. */
const EARLIEST = 20;
/** Relative fall from the third quarter to the last, above which a loss is still falling. */
const FALLING = 0.02;

const fallOf = (series: Series): number => {
  const [before, now] = [mean(between(series, 0.5, 0.75)), mean(between(series, 0.75, 1))];
  return 1 - now / before;
};

export const healthy: Diagnosis = {
  label: "Healthy",
  detect(_, { steps, training, validation, recent }) {
    if (steps < EARLIEST || !Number.isFinite(recent)) return undefined;
    const fall = fallOf(training);
    const validationFall = fallOf(validation);
    const isFalling = fall > FALLING;
    const both = isFalling && validationFall > FALLING;
    const now = validation.loss.at(-1);
    const validationText = now === undefined ? "" : `, validation loss ${formatMeasure(now)}`;
    return {
      severity: "fine",
      sentence: isFalling ? "Learning." : "Settled.",
      detail: both
        ? `Both losses are falling: training loss ${formatMeasure(recent)}${validationText}.`
        : `Training loss ${formatMeasure(recent)}${validationText}${isFalling ? `, falling by ${percent(fall)}` : ""}.`,
      evidence: { fall, recent, ...(Number.isFinite(validationFall) ? { validationFall } : {}) },
      reason: isFalling
        ? "The training loss falls, and validation has not turned against it. Nothing needs to be done."
        : "The losses no longer change much, and validation is no worse than it was at its best. Training longer will not do much.",
      remedies: [],
    };
  },
};
