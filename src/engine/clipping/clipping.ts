import type { Definition, Hyperparameters, ValuesOf } from "../../lib/hyperparameters.ts";

/** A bound that nothing reaches in float32. */
export const UNBOUNDED = 3e38;

/** What the kernels clip gradients to; `UNBOUNDED` switches a bound off. */
export interface ClipBounds {
  /** Largest L2 norm of all gradients together. */
  readonly maxNorm: number;
  /** Largest size of each element. */
  readonly limit: number;
}

/** A way to bound gradients before the update. */
export interface Clipping extends Definition {
  readonly source: string;
  bounds(values: never): ClipBounds;
}

/** Checks a definition against `Clipping` while keeping its literal types, from which the config union is derived. */
export const defineClipping = <const H extends Hyperparameters>(clipping: {
  readonly label: string;
  readonly source: string;
  readonly hyperparameters: H;
  bounds(values: ValuesOf<H>): ClipBounds;
}): typeof clipping => clipping;

/** The least that a bound can be: at 0 nothing would ever be learnt, and the norm would be divided by. */
export const LEAST_BOUND = 1e-9;
