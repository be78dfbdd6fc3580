import { defineInitializer, gain } from "./initializer.ts";

/** He et al. 2015, equation 10, as a uniform distribution: variance 2 / fanIn. */
export const heUniform = defineInitializer({
  label: "He uniform",
  source: "https://arxiv.org/abs/1502.01852",
  hyperparameters: { gain },
  weight: ({ gain }, { fanIn }, random) => gain * Math.sqrt(6 / fanIn) * (2 * random.uniform() - 1),
});
