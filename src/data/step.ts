import { defineDataset } from "./dataset.ts";
import { gapParameter, sampleLine } from "./line.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { HALF_WIDTH } from "./plane.ts";

export const step = defineDataset({
  label: "Step",
  description: "A staircase. Smooth networks must grow steep somewhere, and tend to overshoot there.",
  task: "regression",
  hyperparameters: {
    size: sizeParameter(300),
    noise: noiseParameter(0.1),
    gap: gapParameter,
    steps: {
      kind: "number",
      label: "Steps",
      default: 1,
      min: 1,
      max: 5,
      scale: "linear",
      integer: true,
      help: "Jumps between -1 and 1, evenly spaced.",
    },
  },
  sample: ({ size, noise, gap, steps }, random) =>
    sampleLine({
      size,
      noise,
      gap,
      random,
      curve: (x) => {
        const jumps = Math.min(steps, Math.floor(((steps + 1) * (x + HALF_WIDTH)) / (2 * HALF_WIDTH)));
        return (2 * jumps) / steps - 1;
      },
    }),
});
