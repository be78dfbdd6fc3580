import { decayedGradient, type OptimizerDefinition, optimizerKernel } from "./update.ts";

/** Duchi, Hazan and Singer 2011, Figure 1, with a learning rate that decays as in PyTorch. */
export const definition: OptimizerDefinition = (hyperparameters, t, { parameter, gradient, state, decays }) => {
  const { learningRate, learningRateDecay, initialAccumulator, epsilon, weightDecay } = hyperparameters;
  const g = gradient + (decays ? weightDecay * parameter : 0);
  const sum = (t === 1 ? initialAccumulator : state.sum) + g ** 2;
  const stepSize = learningRate / (1 + (t - 1) * learningRateDecay);
  return { parameter: parameter - (stepSize * g) / (Math.sqrt(sum) + epsilon), state: { sum } };
};

export const adagrad = optimizerKernel(["stepSize", "epsilon", "weightDecay", "vectorDecay"], (s, p) => {
  const { parameter, state } = p;
  const g = decayedGradient(s, p);
  const sum = state.sum + g ** 2;
  return { parameter: parameter - (s.stepSize * g) / (Math.sqrt(sum) + s.epsilon), state: { sum } };
});
