import { formatCount } from "../../lib/format.ts";
import { type ActivationKind, activations } from "../config.ts";
import type { Diagnosis } from "./finding.ts";
import type { RunRecord } from "./record.ts";
import { activation, learningRateTimes, remediesOf, together } from "./remedies.ts";
import { percent } from "./wording.ts";

/** So many dead units of a layer are too many for any network, and so many while it has not learned. */
const NEARLY_ALL = 0.9;
const MOST = 0.6;

function withShorterSteps(config: RunRecord["config"], kind: ActivationKind) {
  const slower = learningRateTimes(config, 0.1);
  const label = [activations[kind].label, slower?.label.toLowerCase()].join(", ");
  return together(label, activation(config, kind), slower);
}

export const deadUnits: Diagnosis = {
  label: "Dead units",
  detect({ measured, config }, { recent, relative }) {
    const shares = (measured?.layers ?? []).map(({ deadUnits: share }) => share);
    const share = Math.max(0, ...shares);
    if (share < (relative(recent) > 0.5 ? MOST : NEARLY_ALL)) return undefined;
    const layer = shares.indexOf(share);
    const width = config.model.layers[layer]?.width ?? 0;
    const dead = Math.round(share * width);
    return {
      severity: "warn",
      sentence: `${formatCount(dead)} of ${formatCount(width)} units in hidden layer ${layer + 1} are dead.`,
      detail: `${percent(share)} of them answer the same to every example, so no gradient reaches them.`,
      evidence: { share, layer: layer + 1, dead, width },
      reason:
        "A step that was too long pushed these units to where their activation is flat, and from there nothing moves them. " +
        "An activation with a slope on both sides lets them come back, and a lower learning rate keeps them from going.",
      // An activation that revives them lets the same long steps through that killed them.
      remedies: remediesOf(withShorterSteps(config, "leakyRelu"), withShorterSteps(config, "gelu")),
    };
  },
};
