import { decayedGradient, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** PyTorch's SGD: the first step does not dampen, and without momentum nothing does. */
export const definition: OptimizerDefinition = (hyperparameters, t, { parameter, gradient, state, decays }) => {
  const { learningRate, momentum, dampening, nesterov, weightDecay } = hyperparameters;
  const g = gradient + (decays ? weightDecay * parameter : 0);
  if (momentum === 0) return { parameter: parameter - learningRate * g, state };
  const b = t === 1 ? g : momentum * state.momentum + (1 - dampening) * g;
  const u = nesterov ? g + momentum * b : b;
  return { parameter: parameter - learningRate * u, state: { momentum: b } };
};

export const sgd = optimizerKernel(
  ["learningRate", "momentum", "keep", "nesterov", "weightDecay", "vectorDecay"],
  (s, p, isFirstUpdate) => {
    const { parameter, state } = p;
    const g = decayedGradient(s, p);
    const momentum = s.momentum * state.momentum + (isFirstUpdate ? 1 : s.keep) * g;
    const u = s.nesterov === 1 ? g + s.momentum * momentum : momentum;
    return { parameter: parameter - s.learningRate * u, state: { momentum } };
  },
);
