import { defineDataset } from "./dataset.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { samplePlane } from "./plane.ts";

const OUTER_RADIUS = 2.4;

export const circles = defineDataset({
  label: "Circles",
  description: "A ring inside a ring. No straight line separates them; one hidden layer does.",
  task: "classification",
  hyperparameters: {
    size: sizeParameter(300),
    noise: noiseParameter(0.2),
    ratio: {
      kind: "number",
      label: "Radius ratio",
      default: 0.5,
      min: 0,
      max: 1,
      scale: "linear",
      help: "Radius of the inner ring over that of the outer one.",
    },
  },
  classes: () => 2,
  sample: ({ size, noise, ratio }, random) =>
    samplePlane({
      size,
      noise,
      classes: 2,
      random,
      point: (label) => {
        const angle = 2 * Math.PI * random.uniform();
        const radius = OUTER_RADIUS * (label === 0 ? 1 : ratio);
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
      },
    }),
});
