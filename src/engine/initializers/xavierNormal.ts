import { defineInitializer, gain } from "./initializer.ts";

/** Glorot & Bengio 2010, section 4.2.1, as a normal distribution: variance 2 / (fanIn + fanOut). */
export const xavierNormal = defineInitializer({
  label: "Xavier normal",
  source: "https://proceedings.mlr.press/v9/glorot10a.html",
  hyperparameters: { gain },
  weight: ({ gain }, { fanIn, fanOut }, random) => gain * Math.sqrt(2 / (fanIn + fanOut)) * random.normal(),
});
