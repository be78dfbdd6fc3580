import type { NumberParameter } from "../lib/hyperparameters.ts";

/** How many examples a generated data set draws, over all splits. */
export function sizeParameter(size: number): NumberParameter {
  return {
    kind: "number",
    label: "Examples",
    symbol: "N",
    default: size,
    min: 10,
    max: 20_000,
    slider: [50, 2000],
    scale: "log",
    integer: true,
    help: "Over all three splits. More examples are harder to overfit.",
  };
}

/** Standard deviation of the normal noise, in the units of the coordinates. */
export function noiseParameter(noise: number): NumberParameter {
  return {
    kind: "number",
    label: "Noise",
    symbol: "σ",
    default: noise,
    min: 0,
    max: 2,
    slider: [0, 1],
    scale: "linear",
    help: "Standard deviation of the noise. Raising it moves the same examples further.",
  };
}
