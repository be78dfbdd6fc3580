import { decayedGradient, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Zeiler 2012, Algorithm 1, with a learning rate. */
export const definition: OptimizerDefinition = (hyperparameters, _t, { parameter, gradient, state, decays }) => {
  const { learningRate, rho, epsilon, weightDecay } = hyperparameters;
  const g = gradient + (decays ? weightDecay * parameter : 0);
  const v = rho * state.v + (1 - rho) * g ** 2;
  const d = (Math.sqrt(state.a + epsilon) / Math.sqrt(v + epsilon)) * g;
  const a = rho * state.a + (1 - rho) * d ** 2;
  return { parameter: parameter - learningRate * d, state: { v, a } };
};

export const adadelta = optimizerKernel(
  ["learningRate", "rho", "oneMinusRho", "epsilon", "weightDecay", "vectorDecay"],
  (s, p) => {
    const { parameter, state } = p;
    const g = decayedGradient(s, p);
    const v = s.rho * state.v + s.oneMinusRho * g ** 2;
    const d = (Math.sqrt(state.a + s.epsilon) / Math.sqrt(v + s.epsilon)) * g;
    const a = s.rho * state.a + s.oneMinusRho * d ** 2;
    return { parameter: parameter - s.learningRate * d, state: { v, a } };
  },
);
