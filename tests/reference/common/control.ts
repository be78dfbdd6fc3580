import type { Bindings } from "../kernel.ts";

/** The numbers of `control` (12) by name; see src/engine/control.ts. */
export const controlOf = ({ control }: Bindings) => {
  const [maxNorm, limit, growthInterval, l1, l2, inputNoise, dropout, , lossScale, factor, streak] = control;
  return { maxNorm, limit, growthInterval, l1, l2, inputNoise, dropout, lossScale, factor, streak };
};

/** Sets what closing a step sets. */
export const setControl = ({ control }: Bindings, next: { lossScale: number; factor: number; streak: number }) =>
  control.set([next.lossScale, next.factor, next.streak], 8);
