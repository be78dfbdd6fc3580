import wgsl from "#shaders/optimizers/lion.wgsl?raw";
import { decayBiases, decoupledDecay, learningRate, weightDecay } from "./hyperparameters.ts";
import { betaScalars, betas } from "./moments.ts";
import { defineOptimizer, zeros } from "./optimizer.ts";

export const lion = defineOptimizer({
  name: "lion",
  label: "Lion",
  source: "https://arxiv.org/abs/2302.06675",
  hyperparameters: {
    learningRate: learningRate(0.0001),
    beta1: { ...betas.beta1, help: "How much of the direction is the average of gradients." },
    beta2: { ...betas.beta2, default: 0.99, help: "How long the average of gradients remembers." },
    weightDecay: weightDecay(0),
    decayBiases,
  },
  moments: { m: zeros },
  scalars: { learningRate: (h) => h.learningRate, ...betaScalars, ...decoupledDecay },
  wgsl,
});
