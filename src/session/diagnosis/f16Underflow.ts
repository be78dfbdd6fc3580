import { formatCount } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { bfloat16, fullPrecision, lossScaling, remediesOf } from "./remedies.ts";
import { matrixGradients } from "./vanishing.ts";

const EARLIEST = 50;

export const f16Underflow: Diagnosis = {
  label: "Half precision underflows",
  detect(run, { steps, recent, relative }) {
    const { precision, lossScaling: scaling } = run.config.compute;
    if (precision !== "f16" || scaling !== "none" || steps < EARLIEST || relative(recent) < 0.5) return undefined;
    const norms = matrixGradients(run);
    const zeros = norms.filter((norm) => norm === 0).length;
    // Where nothing at all comes back, the units are dead.
    if (zeros === 0 || zeros === norms.length) return undefined;
    return {
      severity: "warn",
      sentence: "Half precision loses the gradient.",
      detail: `It is exactly zero in ${formatCount(zeros)} of ${formatCount(norms.length)} layers.`,
      evidence: { zeros, layers: norms.length },
      reason:
        "The smallest float16 is 6 × 10⁻⁸, and gradients below half of that are written as zero. " +
        "Scaling the loss lifts them over it, and bfloat16 and float32 reach down to 10⁻³⁸.",
      remedies: remediesOf(lossScaling(run.config), bfloat16(run.config), fullPrecision(run.config)),
    };
  },
};
