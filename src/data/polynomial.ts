import { defineDataset } from "./dataset.ts";
import { gapParameter, sampleLine } from "./line.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { HALF_WIDTH } from "./plane.ts";

/** The Chebyshev polynomial of the first kind, by its recurrence: within [-1, 1] for x in [-1, 1]. */
function chebyshev(degree: number, x: number): number {
  let [previous, value] = [1, x];
  for (let n = 1; n < degree; n++) [previous, value] = [value, 2 * x * value - previous];
  return value;
}

export const polynomial = defineDataset({
  label: "Polynomial",
  description: "A Chebyshev polynomial: degree - 1 turning points, all between -1 and 1, ever closer towards the ends.",
  task: "regression",
  hyperparameters: {
    size: sizeParameter(300),
    noise: noiseParameter(0.15),
    gap: gapParameter,
    degree: {
      kind: "number",
      label: "Degree",
      default: 3,
      min: 1,
      max: 8,
      scale: "linear",
      integer: true,
    },
  },
  sample: ({ size, noise, gap, degree }, random) =>
    sampleLine({ size, noise, gap, random, curve: (x) => chebyshev(degree, x / HALF_WIDTH) }),
});
