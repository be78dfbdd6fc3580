import { formatSetting } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { clipNorm, largerBatch, learningRateTimes, remediesOf } from "./remedies.ts";
import { mean, median } from "./signals.ts";
import { percent } from "./wording.ts";

const EARLIEST = 100;
const ALWAYS = 0.9;

export const alwaysClipped: Diagnosis = {
  label: "Always clipped",
  detect({ config, curve }, { steps }) {
    const { clipping } = config.optimizer;
    if (clipping.kind !== "norm" || steps < EARLIEST) return undefined;
    const half = Math.floor(curve.step.length / 2);
    const rate = mean([...curve.clipRate.slice(half)]);
    const usual = median([...curve.gradNorm.slice(half)].filter(Number.isFinite));
    if (!(rate >= ALWAYS)) return undefined;
    const larger = Number((2 * usual).toPrecision(1));
    return {
      severity: "warn",
      sentence: `${percent(rate)} of the gradients are clipped.`,
      detail: `Their norm is ${formatSetting(usual, 2)} as a rule, and ${formatSetting(clipping.maxNorm)} is what gets through.`,
      evidence: { rate, usual, maxNorm: clipping.maxNorm },
      reason:
        "Clipping is meant for the rare steep place; here it sets the length of every step, so the slope no longer does. " +
        "A larger limit gives the length back, and a lower learning rate may be what was wanted.",
      remedies: remediesOf(clipNorm(config, larger), learningRateTimes(config, 0.5), largerBatch(config)),
    };
  },
};
