import { formatCount, formatMeasure } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { clipNorm, learningRateTimes, plainGain, remediesOf } from "./remedies.ts";
import { median } from "./signals.ts";
import { matrixGradients } from "./vanishing.ts";

/** A gradient norm that no sane network of standardised data has, and a spike over the usual. */
const HUGE = 100;
const SPIKE = 30;
const EARLIEST = 20;

export const exploding: Diagnosis = {
  label: "Exploding gradients",
  detect(run, { steps, recent, guess }) {
    const { curve, config } = run;
    if (steps < EARLIEST || config.optimizer.clipping.kind !== "none") return undefined;
    const half = Math.floor(curve.step.length / 2);
    const late = [...curve.gradNorm.slice(half)].filter(Number.isFinite);
    const usual = median(late);
    const peak = Math.max(...[...curve.gradNormMax.slice(half)].filter(Number.isFinite));
    const isHuge = usual > HUGE && recent > 0.5 * guess;
    const isSpiky = peak > HUGE && peak > SPIKE * usual && recent > 0.1 * guess;
    if (!isHuge && !isSpiky) return undefined;
    const norms = matrixGradients(run);
    const largest = norms.indexOf(Math.max(...norms));
    const layerText = norms.length > 0 ? ` Layer ${formatCount(largest + 1)} has the largest.` : "";
    return {
      severity: "warn",
      sentence: "The gradient explodes.",
      detail: `Its norm is ${formatMeasure(usual)} as a rule and reaches ${formatMeasure(peak)}.${layerText}`,
      evidence: { usual, peak, ...(norms.length > 0 ? { layer: largest + 1 } : {}) },
      reason:
        "Every layer multiplies the gradient by its weights, and weights that are too large multiply it by more than 1. " +
        "Clipping keeps the direction and limits the length; smaller initial weights remove the cause.",
      remedies: remediesOf(clipNorm(config), plainGain(config), learningRateTimes(config, 0.1)),
    };
  },
};
