import { betaScalars, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Chen et al. 2023, Program 1. */
export const definition: OptimizerDefinition = (hyperparameters, _t, { parameter, gradient, state, decays }) => {
  const { learningRate, beta1, beta2, weightDecay } = hyperparameters;
  const c = Math.sign(beta1 * state.m + (1 - beta1) * gradient);
  const m = beta2 * state.m + (1 - beta2) * gradient;
  return { parameter: parameter - learningRate * (c + (decays ? weightDecay * parameter : 0)), state: { m } };
};

export const lion = optimizerKernel(["learningRate", ...betaScalars, "shrink", "vectorShrink"], (s, p) => {
  const { parameter, gradient, state, isMatrix } = p;
  const c = Math.sign(s.beta1 * state.m + s.oneMinusBeta1 * gradient);
  const m = s.beta2 * state.m + s.oneMinusBeta2 * gradient;
  const decayed = parameter * (1 - (isMatrix ? s.shrink : s.vectorShrink));
  return { parameter: decayed - s.learningRate * c, state: { m } };
});
