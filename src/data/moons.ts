import { defineDataset } from "./dataset.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { samplePlane } from "./plane.ts";

const RADIUS = 1.7;

export const moons = defineDataset({
  label: "Moons",
  description: "Two half circles that reach into each other, after scikit-learn's make_moons.",
  task: "classification",
  hyperparameters: { size: sizeParameter(300), noise: noiseParameter(0.2) },
  classes: () => 2,
  sample: ({ size, noise }, random) =>
    samplePlane({
      size,
      noise,
      classes: 2,
      random,
      point: (label) => {
        const angle = Math.PI * random.uniform();
        const sign = label === 0 ? 1 : -1;
        // The lower moon is the upper one turned by half a turn around the middle of both.
        return [sign * RADIUS * (Math.cos(angle) - 0.5), sign * RADIUS * (Math.sin(angle) - 0.25)];
      },
    }),
});
