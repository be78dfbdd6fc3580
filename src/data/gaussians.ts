import { defineDataset } from "./dataset.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { samplePlane } from "./plane.ts";

/** The centres lie on a circle of this radius. */
const RADIUS = 1.8;

export const gaussians = defineDataset({
  label: "Gaussians",
  description:
    "Normal blobs around a circle. Two are linearly separable, so even a model without hidden layers learns.",
  task: "classification",
  hyperparameters: {
    size: sizeParameter(300),
    noise: noiseParameter(0.5),
    classes: {
      kind: "number",
      label: "Classes",
      symbol: "C",
      default: 3,
      min: 2,
      max: 8,
      scale: "linear",
      integer: true,
    },
  },
  classes: ({ classes }) => classes,
  sample: ({ size, noise, classes }, random) =>
    samplePlane({
      size,
      noise,
      classes,
      random,
      point: (label) => {
        const angle = (2 * Math.PI * label) / classes + Math.PI / 4;
        return [RADIUS * Math.cos(angle), RADIUS * Math.sin(angle)];
      },
    }),
});
