import wgsl from "#shaders/optimizers/adam.wgsl?raw";
import moments from "#shaders/optimizers/moments.wgsl?raw";
import { link } from "../graph/link.ts";
import { decayBiases, epsilon, gradientDecay, learningRate, weightDecay } from "./hyperparameters.ts";
import { betas, momentScalars } from "./moments.ts";
import { defineOptimizer, zeros } from "./optimizer.ts";

export const adam = defineOptimizer({
  name: "adam",
  label: "Adam",
  source: "https://arxiv.org/abs/1412.6980",
  hyperparameters: {
    learningRate: learningRate(0.01),
    ...betas,
    epsilon: epsilon(1e-8),
    amsgrad: {
      kind: "boolean",
      label: "AMSGrad",
      default: false,
      structural: true,
      help: "Divides by the largest average of squared gradients so far, so that no step size grows again.",
    },
    weightDecay: weightDecay(0),
    decayBiases,
  },
  moments: { m: zeros, v: zeros, w: { ...zeros, when: ({ amsgrad }) => amsgrad } },
  scalars: { ...momentScalars, amsgrad: (h) => (h.amsgrad ? 1 : 0), ...gradientDecay },
  wgsl: link(wgsl, moments),
});
