import type { Bindings } from "../kernel.ts";

/** The numbers of `control` (12) by name; see src/engine/control.ts. */
export const controlOf = ({ control }: Bindings) => {
  const [maxNorm, limit, growthInterval, l1, l2, inputNoise, dropout, , lossScale, factor, ...counts] = control;
  const [streak, updated] = counts;
  return { maxNorm, limit, growthInterval, l1, l2, inputNoise, dropout, lossScale, factor, streak, updated };
};

type Closed = Readonly<Record<"lossScale" | "factor" | "streak" | "updated", number>>;

/** Sets what closing a step sets. */
export const setControl = ({ control }: Bindings, { lossScale, factor, streak, updated }: Closed) =>
  control.set([lossScale, factor, streak, updated], 8);
