import type { ReferenceActivation } from "../kernel.ts";

export const sigmoid: ReferenceActivation = {
  activate: (x) => 1 / (1 + Math.exp(-x)),
  activateGrad: (y) => y * (1 - y),
};
