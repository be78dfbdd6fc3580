import { defineInitializer, gain } from "./initializer.ts";

/** He et al. 2015, equation 10: variance 2 / fanIn. */
export const heNormal = defineInitializer({
  label: "He normal",
  source: "https://arxiv.org/abs/1502.01852",
  hyperparameters: { gain },
  weight: ({ gain }, { fanIn }, random) => gain * Math.sqrt(2 / fanIn) * random.normal(),
});
