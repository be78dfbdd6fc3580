import { formatSetting } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import { bfloat16, clipNorm, fullPrecision, remediesOf } from "./remedies.ts";
import { percent } from "./wording.ts";

/** The scale's search for its place skips one step in thousands; a few at the start are its first landing. */
const OFTEN = 0.1;

export const f16Overflow: Diagnosis = {
  label: "Half precision overflows",
  detect({ scaling, config }, { steps }) {
    if (scaling === undefined || steps < 50 || scaling.skipped < OFTEN) return undefined;
    const { skipped, lossScale } = scaling;
    return {
      severity: "warn",
      sentence: "Half precision overflows.",
      detail: `${percent(skipped)} of the last steps were skipped; the loss scale is down to ${formatSetting(lossScale)}.`,
      evidence: { skipped, lossScale },
      reason:
        "A float16 ends at 65,504, and an activation or a gradient keeps passing that, whatever the loss scale. " +
        "bfloat16 and float32 reach to 10³⁸, and clipping or smaller weights shorten what overflows.",
      remedies: remediesOf(bfloat16(config), fullPrecision(config), clipNorm(config)),
    };
  },
};
