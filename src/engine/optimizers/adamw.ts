import wgsl from "#shaders/optimizers/adamw.wgsl?raw";
import moments from "#shaders/optimizers/moments.wgsl?raw";
import { link } from "../graph/link.ts";
import { decayBiases, decoupledDecay, epsilon, learningRate, weightDecay } from "./hyperparameters.ts";
import { betas, momentScalars } from "./moments.ts";
import { defineOptimizer, zeros } from "./optimizer.ts";

export const adamw = defineOptimizer({
  name: "adamw",
  label: "AdamW",
  source: "https://arxiv.org/abs/1711.05101",
  hyperparameters: {
    learningRate: learningRate(0.01),
    ...betas,
    epsilon: epsilon(1e-8),
    weightDecay: weightDecay(0.01),
    decayBiases,
  },
  moments: { m: zeros, v: zeros },
  scalars: { ...momentScalars, ...decoupledDecay },
  wgsl: link(wgsl, moments),
});
