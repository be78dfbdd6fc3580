import wgsl from "#shaders/optimizers/adamw.wgsl?raw";
import { momentScalars, moments } from "./moments.ts";
import { decayBiases, defineOptimizer, learningRate, weightDecay } from "./optimizer.ts";

export const adamw = defineOptimizer({
  name: "adamw",
  label: "AdamW",
  source: "https://arxiv.org/abs/1711.05101",
  hyperparameters: { learningRate: learningRate(0.01), ...moments, weightDecay: weightDecay(0.01), decayBiases },
  state: ["m", "v"],
  scalars: {
    ...momentScalars,
    shrink: (h) => h.learningRate * h.weightDecay,
    vectorShrink: (h) => (h.decayBiases ? h.learningRate * h.weightDecay : 0),
  },
  wgsl,
});
