import { decayedGradient, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Tieleman and Hinton 2012, slide 29, with Graves's centered form (2013) and PyTorch's momentum. */
export const definition: OptimizerDefinition = (hyperparameters, _t, { parameter, gradient, state, decays }) => {
  const { learningRate, alpha, epsilon, momentum, centered, weightDecay } = hyperparameters;
  const g = gradient + (decays ? weightDecay * parameter : 0);
  const v = alpha * state.v + (1 - alpha) * g ** 2;
  const mean = alpha * state.mean + (1 - alpha) * g;
  const scaled = g / (Math.sqrt(centered ? v - mean ** 2 : v) + epsilon);
  const b = momentum * state.momentum + scaled;
  return { parameter: parameter - learningRate * b, state: { v, mean, momentum: b } };
};

export const rmsprop = optimizerKernel(
  ["learningRate", "alpha", "oneMinusAlpha", "epsilon", "momentum", "centered", "weightDecay", "vectorDecay"],
  (s, p) => {
    const { parameter, state } = p;
    const g = decayedGradient(s, p);
    const v = s.alpha * state.v + s.oneMinusAlpha * g ** 2;
    const mean = s.alpha * state.mean + s.oneMinusAlpha * g;
    const spread = s.centered === 1 ? Math.max(v - mean ** 2, 0) : v;
    const momentum = s.momentum * state.momentum + g / (Math.sqrt(spread) + s.epsilon);
    const kept = s.centered === 1 ? { v, momentum, mean } : { v, momentum };
    return { parameter: parameter - s.learningRate * momentum, state: kept };
  },
);
