import wgsl from "#shaders/optimizers/adam.wgsl?raw";
import { momentScalars, moments } from "./moments.ts";
import { decayBiases, defineOptimizer, learningRate, weightDecay } from "./optimizer.ts";

export const adam = defineOptimizer({
  name: "adam",
  label: "Adam",
  source: "https://arxiv.org/abs/1412.6980",
  hyperparameters: { learningRate: learningRate(0.01), ...moments, weightDecay: weightDecay(0), decayBiases },
  state: ["m", "v"],
  scalars: {
    ...momentScalars,
    weightDecay: (h) => h.weightDecay,
    vectorDecay: (h) => (h.decayBiases ? h.weightDecay : 0),
  },
  wgsl,
});
