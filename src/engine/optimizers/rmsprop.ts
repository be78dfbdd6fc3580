import wgsl from "#shaders/optimizers/rmsprop.wgsl?raw";
import { decayBiases, epsilon, gradientDecay, learningRate, momentum, weightDecay } from "./hyperparameters.ts";
import { defineOptimizer, zeros } from "./optimizer.ts";

export const rmsprop = defineOptimizer({
  name: "rmsprop",
  label: "RMSprop",
  source: "https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf",
  hyperparameters: {
    learningRate: learningRate(0.01),
    alpha: {
      kind: "number",
      label: "Alpha",
      symbol: "α",
      default: 0.99,
      min: 0,
      max: 0.999999,
      slider: [0, 0.999],
      scale: "linear",
      help: "How long the average of squared gradients remembers.",
    },
    epsilon: epsilon(1e-8),
    momentum,
    centered: {
      kind: "boolean",
      label: "Centered",
      default: false,
      structural: true,
      help: "Divides by the gradients' deviation from their mean, not by their size.",
    },
    weightDecay: weightDecay(0),
    decayBiases,
  },
  moments: { v: zeros, momentum: zeros, mean: { ...zeros, when: ({ centered }) => centered } },
  scalars: {
    learningRate: (h) => h.learningRate,
    alpha: (h) => h.alpha,
    oneMinusAlpha: (h) => 1 - h.alpha,
    epsilon: (h) => h.epsilon,
    momentum: (h) => h.momentum,
    centered: (h) => (h.centered ? 1 : 0),
    ...gradientDecay,
  },
  wgsl,
});
