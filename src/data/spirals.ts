import { defineDataset } from "./dataset.ts";
import { noiseParameter, sizeParameter } from "./parameters.ts";
import { samplePlane } from "./plane.ts";

const INNER_RADIUS = 0.3;
const OUTER_RADIUS = 2.8;

export const spirals = defineDataset({
  label: "Spirals",
  description: "Arms wound around each other, after Lang and Witbrock (1988). Needs depth or width, and patience.",
  task: "classification",
  hyperparameters: {
    size: sizeParameter(600),
    noise: noiseParameter(0.08),
    arms: {
      kind: "number",
      label: "Arms",
      symbol: "C",
      default: 3,
      min: 2,
      max: 5,
      scale: "linear",
      integer: true,
      help: "One class per arm.",
    },
    turns: {
      kind: "number",
      label: "Turns",
      default: 1,
      min: 0.25,
      max: 3,
      scale: "linear",
      help: "How often each arm goes round the middle. More turns are harder.",
    },
  },
  classes: ({ arms }) => arms,
  sample: ({ size, noise, arms, turns }, random) =>
    samplePlane({
      size,
      noise,
      classes: arms,
      random,
      point: (label) => {
        const along = random.uniform();
        const radius = INNER_RADIUS + (OUTER_RADIUS - INNER_RADIUS) * along;
        const angle = 2 * Math.PI * (turns * along + label / arms);
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
      },
    }),
});
