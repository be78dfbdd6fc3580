import type { Definition, Hyperparameters, NumberParameter, ValuesOf } from "../../lib/hyperparameters.ts";
import type { Random } from "../../lib/random.ts";

/** What an initializer knows of the tensor that it fills. */
export interface ParameterShape {
  /** Matrix (O, I) or vector (O). */
  readonly shape: readonly number[];
  /** Inputs and outputs of the layer that the tensor belongs to. */
  readonly fanIn: number;
  readonly fanOut: number;
}

/** How weights start. Biases start at 0 unless `bias` says otherwise. */
export interface Initializer extends Definition {
  readonly source: string;
  readonly hyperparameters: Hyperparameters;
  weight(values: never, parameter: ParameterShape, random: Random): number;
  bias?(values: never, parameter: ParameterShape, random: Random): number;
}

/** Checks a definition against `Initializer` while keeping its literal types. Functions draw one number per call. */
export function defineInitializer<const H extends Hyperparameters>(initializer: {
  readonly label: string;
  readonly source: string;
  readonly hyperparameters: H;
  /** The next number of a weight matrix. */
  weight(values: ValuesOf<H>, parameter: ParameterShape, random: Random): number;
  /** The next number of a bias vector; left out, biases are 0. */
  bias?(values: ValuesOf<H>, parameter: ParameterShape, random: Random): number;
}): typeof initializer {
  return initializer;
}

/** Scales the standard deviation: 1 is the paper's. */
export const gain = {
  kind: "number",
  label: "Gain",
  default: 1,
  min: 0,
  max: 100,
  slider: [0.01, 10],
  scale: "log",
  help: "Multiplies the starting weights. Too small and signals fade from layer to layer, too large and they blow up.",
} as const satisfies NumberParameter;
