import { type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Kingma and Ba 2015, Algorithm 1, with weight decay as part of the gradient. */
export const adamStep: OptimizerDefinition = (hyperparameters, t, { parameter, gradient, state, decays }) => {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = hyperparameters;
  const g = gradient + (decays ? weightDecay * parameter : 0);
  const m = beta1 * state.m + (1 - beta1) * g;
  const v = beta2 * state.v + (1 - beta2) * g ** 2;
  const mHat = m / (1 - beta1 ** t);
  const vHat = v / (1 - beta2 ** t);
  return { parameter: parameter - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon), state: { m, v } };
};

export const adam = optimizerKernel(
  [
    "stepSize",
    "beta1",
    "oneMinusBeta1",
    "beta2",
    "oneMinusBeta2",
    "inverseRootBias2",
    "epsilon",
    "weightDecay",
    "vectorDecay",
  ],
  ["m", "v"],
  (s, { parameter, gradient, state, isMatrix }) => {
    const g = gradient + (isMatrix ? s.weightDecay : s.vectorDecay) * parameter;
    const m = s.beta1 * state.m + s.oneMinusBeta1 * g;
    const v = s.beta2 * state.v + s.oneMinusBeta2 * g ** 2;
    const denominator = Math.sqrt(v) * s.inverseRootBias2 + s.epsilon;
    return { parameter: parameter - (s.stepSize * m) / denominator, state: { m, v } };
  },
);
