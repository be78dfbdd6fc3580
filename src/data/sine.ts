import { defineDataset } from "./dataset.ts";
import { gapParameter, sampleLine } from "./line.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { HALF_WIDTH } from "./plane.ts";

export const sine = defineDataset({
  label: "Sine",
  description: "A sine wave over a few periods. Small networks learn the slow part first.",
  task: "regression",
  hyperparameters: {
    size: sizeParameter(300),
    noise: noiseParameter(0.15),
    gap: gapParameter,
    periods: {
      kind: "number",
      label: "Periods",
      default: 1.5,
      min: 0.5,
      max: 8,
      scale: "linear",
      help: "Over the whole domain.",
    },
  },
  sample: ({ size, noise, gap, periods }, random) =>
    sampleLine({ size, noise, gap, random, curve: (x) => Math.sin((Math.PI * periods * x) / HALF_WIDTH) }),
});
