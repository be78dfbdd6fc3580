import { formatCount, formatMeasure } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { clipNorm, fullPrecision, learningRateTimes, remediesOf } from "./remedies.ts";
import { placeOf } from "./wording.ts";

export const notANumber: Diagnosis = {
  label: "Not a number",
  detect(run) {
    const { nonFinite, config, curve } = run;
    if (nonFinite === undefined) return undefined;
    const { step, tensor, move } = nonFinite;
    const last = [...curve.loss].findLast(Number.isFinite);
    const moveText = move === undefined ? "" : `, in the move “${move}”`;
    const lossText = last === undefined ? "" : ` The last loss before was ${formatMeasure(last)}.`;
    return {
      severity: "stopped",
      sentence: `Not a number at step ${formatCount(step)}.`,
      detail: `It began in ${placeOf(tensor, config)}${moveText}.${lossText}`,
      evidence: { step, ...(last === undefined ? {} : { lastLoss: last }) },
      reason:
        "Each step was longer than the one before, until a number left the range that its format can hold. " +
        "Shorter steps, or gradients whose length has a limit, keep it inside.",
      remedies: remediesOf(
        fullPrecision(config),
        learningRateTimes(config, 0.1),
        clipNorm(config),
        learningRateTimes(config, 0.5),
      ),
    };
  },
};
