import type { ReferenceActivation } from "../kernel.ts";

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Elfwing, Uchibe and Doya 2017, equations 6 and 7. */
export const silu: ReferenceActivation = {
  activate: (x) => x * logistic(x),
  activateGrad: (x) => logistic(x) * (1 + x * (1 - logistic(x))),
};
