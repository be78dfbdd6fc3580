import moments from "#shaders/optimizers/moments.wgsl?raw";
import wgsl from "#shaders/optimizers/radam.wgsl?raw";
import { link } from "../graph/link.ts";
import { decayBiases, epsilon, gradientDecay, learningRate, weightDecay } from "./hyperparameters.ts";
import { betaScalars, betas } from "./moments.ts";
import { defineOptimizer, zeros } from "./optimizer.ts";

/**
 * How much the variance of the adaptive step size is in excess at step t; undefined while it is unknown, at first
 * (Liu et al. 2020, Algorithm 2).
 */
function rectification(beta2: number, t: number): number | undefined {
  const most = 2 / (1 - beta2) - 1;
  const length = most - (2 * t * beta2 ** t) / (1 - beta2 ** t);
  if (length <= 5) return undefined;
  return Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}

export const radam = defineOptimizer({
  name: "radam",
  label: "RAdam",
  source: "https://arxiv.org/abs/1908.03265",
  hyperparameters: {
    learningRate: learningRate(0.001),
    ...betas,
    epsilon: epsilon(1e-8),
    weightDecay: weightDecay(0),
    decayBiases,
  },
  moments: { m: zeros, v: zeros },
  scalars: {
    stepSize: (h, t) => {
      const rectified = rectification(h.beta2, t);
      const factor = rectified === undefined ? 1 : rectified * Math.sqrt(1 - h.beta2 ** t);
      return (h.learningRate * factor) / (1 - h.beta1 ** t);
    },
    ...betaScalars,
    rectified: (h, t) => (rectification(h.beta2, t) === undefined ? 0 : 1),
    epsilon: (h) => h.epsilon,
    ...gradientDecay,
  },
  wgsl: link(wgsl, moments),
});
