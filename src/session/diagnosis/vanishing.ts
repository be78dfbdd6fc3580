import { formatMeasure } from "../../lib/format.ts";
import type { Diagnosis } from "./finding.ts";
import type { RunRecord } from "./record.ts";
import { activation, optimizerWithDefaults, plainGain, remediesOf } from "./remedies.ts";

/** Of the last layer's gradient, what the first layer must get; and what any matrix must get. */
const LEAST_SHARE = 0.01;
const LEAST_NORM = 1e-4;
const EARLIEST = 100;

/** L2 norms of the weight matrices' gradients, first layer first. */
export const matrixGradients = ({ measured }: RunRecord): readonly number[] =>
  (measured?.tensors ?? []).filter(({ name }) => name.endsWith(".weight")).map(({ gradNorm }) => gradNorm);

export const vanishing: Diagnosis = {
  label: "Vanishing gradients",
  detect(run, { steps, recent, relative }) {
    const norms = matrixGradients(run);
    const [first = Number.NaN, last = Number.NaN] = [norms[0], norms.at(-1)];
    const isSmall = first < LEAST_SHARE * last || Math.max(...norms) < LEAST_NORM;
    // What has been learned needs no gradient, and a layer without one that is dead is told elsewhere.
    if (steps < EARLIEST || norms.length < 3 || relative(recent) < 0.8 || !isSmall || last === 0) return undefined;
    return {
      severity: "warn",
      sentence: "The gradient vanishes on its way back.",
      detail: `Layer 1 gets ${formatMeasure(first)}, the last layer ${formatMeasure(last)}.`,
      evidence: { first, last, share: first / last },
      reason:
        "Every layer multiplies the gradient by its weights and its activation's slope, and here both make it smaller. " +
        "An activation with a slope near 1, and initial weights made for it, let it arrive.",
      remedies: remediesOf(
        plainGain(run.config),
        activation(run.config, "relu"),
        optimizerWithDefaults(run.config, "adam"),
      ),
    };
  },
};
