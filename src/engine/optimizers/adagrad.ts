import wgsl from "#shaders/optimizers/adagrad.wgsl?raw";
import { decayBiases, epsilon, gradientDecay, learningRate, weightDecay } from "./hyperparameters.ts";
import { defineOptimizer } from "./optimizer.ts";

export const adagrad = defineOptimizer({
  name: "adagrad",
  label: "Adagrad",
  source: "https://jmlr.org/papers/v12/duchi11a.html",
  hyperparameters: {
    learningRate: learningRate(0.01),
    learningRateDecay: {
      kind: "number",
      label: "Learning rate decay",
      default: 0,
      min: 0,
      max: 1,
      slider: [1e-5, 1],
      scale: "log",
      help: "Divides the learning rate by 1 + decay · (step − 1), on top of the schedule.",
    },
    initialAccumulator: {
      kind: "number",
      label: "Initial sum",
      default: 0,
      min: 0,
      max: 1000,
      slider: [1e-5, 10],
      scale: "log",
      structural: true,
      help: "What the sum of squared gradients starts at. More of it makes the first steps shorter.",
    },
    epsilon: epsilon(1e-10),
    weightDecay: weightDecay(0),
    decayBiases,
  },
  moments: { sum: { initial: ({ initialAccumulator }) => initialAccumulator } },
  scalars: {
    stepSize: (h, t) => h.learningRate / (1 + (t - 1) * h.learningRateDecay),
    epsilon: (h) => h.epsilon,
    ...gradientDecay,
  },
  wgsl,
});
