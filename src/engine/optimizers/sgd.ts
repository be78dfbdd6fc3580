import wgsl from "#shaders/optimizers/sgd.wgsl?raw";
import { decayBiases, gradientDecay, learningRate, momentum, weightDecay } from "./hyperparameters.ts";
import { defineOptimizer, zeros } from "./optimizer.ts";

export const sgd = defineOptimizer({
  name: "sgd",
  label: "SGD",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html",
  hyperparameters: {
    learningRate: learningRate(0.1),
    momentum,
    dampening: { kind: "number", label: "Dampening", default: 0, min: 0, max: 1, scale: "linear" },
    nesterov: { kind: "boolean", label: "Nesterov", default: false, help: "Looks one step ahead along the momentum." },
    weightDecay: weightDecay(0),
    decayBiases,
  },
  moments: { momentum: zeros },
  scalars: {
    learningRate: (h) => h.learningRate,
    momentum: (h) => h.momentum,
    keep: (h) => (h.momentum === 0 ? 1 : 1 - h.dampening),
    nesterov: (h) => (h.nesterov ? 1 : 0),
    ...gradientDecay,
  },
  wgsl,
});
