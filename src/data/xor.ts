import { defineDataset } from "./dataset.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { HALF_WIDTH, samplePlane } from "./plane.ts";

/** Points keep this distance from the axes before noise is added. */
const MARGIN = 0.2;

export const xor = defineDataset({
  label: "XOR",
  description: "Opposite quadrants share a class: the sign of x₁x₂. The smallest problem that no linear model solves.",
  task: "classification",
  hyperparameters: { size: sizeParameter(300), noise: noiseParameter(0.1) },
  classes: () => 2,
  sample: ({ size, noise }, random) =>
    samplePlane({
      size,
      noise,
      classes: 2,
      random,
      point: (label) => {
        const side = random.uniform() < 0.5 ? -1 : 1;
        const x1 = MARGIN + (HALF_WIDTH - MARGIN) * random.uniform();
        const x2 = MARGIN + (HALF_WIDTH - MARGIN) * random.uniform();
        return [side * x1, (label === 0 ? side : -side) * x2];
      },
    }),
});
