import { betaScalars, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Loshchilov and Hutter 2019, Algorithm 2: the decay shrinks the parameter and leaves the moments alone. */
export const definition: OptimizerDefinition = (hyperparameters, t, { parameter, gradient, state, decays }) => {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = hyperparameters;
  const decayed = decays ? parameter * (1 - learningRate * weightDecay) : parameter;
  const m = beta1 * state.m + (1 - beta1) * gradient;
  const v = beta2 * state.v + (1 - beta2) * gradient ** 2;
  const mHat = m / (1 - beta1 ** t);
  const vHat = v / (1 - beta2 ** t);
  return { parameter: decayed - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon), state: { m, v } };
};

export const adamw = optimizerKernel(
  ["stepSize", ...betaScalars, "inverseRootBias2", "epsilon", "shrink", "vectorShrink"],
  (s, p) => {
    const { parameter, gradient, state, isMatrix } = p;
    const decayed = parameter * (1 - (isMatrix ? s.shrink : s.vectorShrink));
    const m = s.beta1 * state.m + s.oneMinusBeta1 * gradient;
    const v = s.beta2 * state.v + s.oneMinusBeta2 * gradient ** 2;
    const denominator = Math.sqrt(v) * s.inverseRootBias2 + s.epsilon;
    return { parameter: decayed - (s.stepSize * m) / denominator, state: { m, v } };
  },
);
