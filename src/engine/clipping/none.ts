import { defineClipping, UNBOUNDED } from "./clipping.ts";

export const none = defineClipping({
  label: "None",
  source: "https://www.deeplearningbook.org/contents/optimization.html",
  hyperparameters: {},
  bounds: () => ({ maxNorm: UNBOUNDED, limit: UNBOUNDED }),
});
