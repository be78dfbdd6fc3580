import { betaScalars, decayedGradient, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Kingma and Ba 2015, Algorithm 1, with weight decay as part of the gradient; AMSGrad: Reddi et al. 2018. */
export const definition: OptimizerDefinition = (hyperparameters, t, { parameter, gradient, state, decays }) => {
  const { learningRate, beta1, beta2, epsilon, weightDecay, amsgrad } = hyperparameters;
  const g = gradient + (decays ? weightDecay * parameter : 0);
  const m = beta1 * state.m + (1 - beta1) * g;
  const v = beta2 * state.v + (1 - beta2) * g ** 2;
  const w = amsgrad ? Math.max(state.w, v) : v;
  const mHat = m / (1 - beta1 ** t);
  const wHat = w / (1 - beta2 ** t);
  return { parameter: parameter - (learningRate * mHat) / (Math.sqrt(wHat) + epsilon), state: { m, v, w } };
};

export const adam = optimizerKernel(
  ["stepSize", ...betaScalars, "inverseRootBias2", "epsilon", "amsgrad", "weightDecay", "vectorDecay"],
  (s, p) => {
    const { parameter, state } = p;
    const g = decayedGradient(s, p);
    const m = s.beta1 * state.m + s.oneMinusBeta1 * g;
    const v = s.beta2 * state.v + s.oneMinusBeta2 * g ** 2;
    const w = s.amsgrad === 1 ? Math.max(state.w, v) : v;
    const denominator = Math.sqrt(w) * s.inverseRootBias2 + s.epsilon;
    const kept = s.amsgrad === 1 ? { m, v, w } : { m, v };
    return { parameter: parameter - (s.stepSize * m) / denominator, state: kept };
  },
);
