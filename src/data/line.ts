import type { NumberParameter } from "../lib/hyperparameters.ts";
import type { Random } from "../lib/random.ts";
import type { Examples } from "./dataset.ts";
import { HALF_WIDTH } from "./plane.ts";

/** The part of the domain, around its middle, from which no example is drawn. */
export const gapParameter: NumberParameter = {
  kind: "number",
  label: "Gap",
  default: 0,
  min: 0,
  max: 0.6,
  scale: "linear",
  help: "Fraction of the domain, in its middle, without examples: what does the model make of it?",
};

/**
 * Draws examples of a function of one variable: x uniform over the domain but for the gap, y with normal noise. As in
 * the plane, noise and gap move the same examples, and a larger size keeps those of a smaller one.
 */
export function sampleLine(draw: {
  readonly size: number;
  readonly noise: number;
  readonly gap: number;
  readonly random: Random;
  readonly curve: (x: number) => number;
}): Examples {
  const inputs = new Float32Array(draw.size);
  const targets = new Float32Array(draw.size);
  for (let i = 0; i < draw.size; i++) {
    const side = 2 * draw.random.uniform() - 1;
    const x = HALF_WIDTH * (side * (1 - draw.gap) + (side < 0 ? -draw.gap : draw.gap));
    inputs[i] = x;
    targets[i] = draw.curve(x) + draw.noise * draw.random.normal();
  }
  return { task: "regression", inputs, targets, featureNames: ["x"], targetNames: ["y"] };
}
