import { betaScalars, decayedGradient, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Liu et al. 2020, Algorithm 2, with epsilon where PyTorch has it. */
export const definition: OptimizerDefinition = (hyperparameters, t, { parameter, gradient, state, decays }) => {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = hyperparameters;
  const g = gradient + (decays ? weightDecay * parameter : 0);
  const m = beta1 * state.m + (1 - beta1) * g;
  const v = beta2 * state.v + (1 - beta2) * g ** 2;
  const mHat = m / (1 - beta1 ** t);
  const most = 2 / (1 - beta2) - 1;
  const length = most - (2 * t * beta2 ** t) / (1 - beta2 ** t);
  if (length <= 5) return { parameter: parameter - learningRate * mHat, state: { m, v } };
  const rectification = ((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length);
  const adaptive = Math.sqrt(1 - beta2 ** t) / (Math.sqrt(v) + epsilon);
  return { parameter: parameter - learningRate * mHat * Math.sqrt(rectification) * adaptive, state: { m, v } };
};

export const radam = optimizerKernel(
  ["stepSize", ...betaScalars, "rectified", "epsilon", "weightDecay", "vectorDecay"],
  (s, p) => {
    const { parameter, state } = p;
    const g = decayedGradient(s, p);
    const m = s.beta1 * state.m + s.oneMinusBeta1 * g;
    const v = s.beta2 * state.v + s.oneMinusBeta2 * g ** 2;
    const denominator = s.rectified === 1 ? Math.sqrt(v) + s.epsilon : 1;
    return { parameter: parameter - (s.stepSize * m) / denominator, state: { m, v } };
  },
);
