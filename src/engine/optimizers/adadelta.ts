import wgsl from "#shaders/optimizers/adadelta.wgsl?raw";
import { decayBiases, epsilon, gradientDecay, learningRate, weightDecay } from "./hyperparameters.ts";
import { defineOptimizer, zeros } from "./optimizer.ts";

export const adadelta = defineOptimizer({
  name: "adadelta",
  label: "Adadelta",
  source: "https://arxiv.org/abs/1212.5701",
  hyperparameters: {
    learningRate: learningRate(1),
    rho: {
      kind: "number",
      label: "Rho",
      symbol: "ρ",
      default: 0.9,
      min: 0,
      max: 0.999999,
      slider: [0, 0.999],
      scale: "linear",
      help: "How long the averages of squared gradients and steps remember.",
    },
    epsilon: epsilon(1e-6),
    weightDecay: weightDecay(0),
    decayBiases,
  },
  moments: { v: zeros, a: zeros },
  scalars: {
    learningRate: (h) => h.learningRate,
    rho: (h) => h.rho,
    oneMinusRho: (h) => 1 - h.rho,
    epsilon: (h) => h.epsilon,
    ...gradientDecay,
  },
  wgsl,
});
