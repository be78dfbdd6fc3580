import { betaScalars, decayedGradient, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Dozat 2016, with the momentum's schedule as PyTorch has it from 2.0 on. */
export const definition: OptimizerDefinition = (hyperparameters, t, { parameter, gradient, state, decays }) => {
  const { learningRate, beta1, beta2, epsilon, weightDecay, momentumDecay } = hyperparameters;
  const g = gradient + (decays ? weightDecay * parameter : 0);
  const m = beta1 * state.m + (1 - beta1) * g;
  const v = beta2 * state.v + (1 - beta2) * g ** 2;
  const mu = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
  const product = (last: number) => Array.from({ length: last }, (_, i) => mu(i + 1)).reduce((a, b) => a * b, 1);
  const ahead = ((1 - mu(t)) * g) / (1 - product(t)) + (mu(t + 1) * m) / (1 - product(t + 1));
  const vHat = v / (1 - beta2 ** t);
  return { parameter: parameter - (learningRate * ahead) / (Math.sqrt(vHat) + epsilon), state: { m, v } };
};

export const nadam = optimizerKernel(
  ["gradientStep", "momentStep", ...betaScalars, "inverseRootBias2", "epsilon", "weightDecay", "vectorDecay"],
  (s, p) => {
    const { parameter, state } = p;
    const g = decayedGradient(s, p);
    const m = s.beta1 * state.m + s.oneMinusBeta1 * g;
    const v = s.beta2 * state.v + s.oneMinusBeta2 * g ** 2;
    const denominator = Math.sqrt(v) * s.inverseRootBias2 + s.epsilon;
    return { parameter: parameter - (s.gradientStep * g + s.momentStep * m) / denominator, state: { m, v } };
  },
);
