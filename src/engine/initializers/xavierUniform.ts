import { defineInitializer, gain } from "./initializer.ts";

/** Glorot & Bengio 2010, equation 16: variance 2 / (fanIn + fanOut). */
export const xavierUniform = defineInitializer({
  label: "Xavier uniform",
  source: "https://proceedings.mlr.press/v9/glorot10a.html",
  hyperparameters: { gain },
  weight: ({ gain }, { fanIn, fanOut }, random) => gain * Math.sqrt(6 / (fanIn + fanOut)) * (2 * random.uniform() - 1),
});
