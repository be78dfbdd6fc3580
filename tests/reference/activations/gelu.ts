import type { ReferenceActivation } from "../kernel.ts";

/** Where the power series and the continued fraction of erfc both reach double precision. */
const SERIES_BELOW = 2.5;
const TERMS = 100;

/** erf(z) = 2/sqrt(pi) exp(-z^2) sum_n 2^n z^(2n+1) / (2n+1)!!, all terms of one sign: DLMF 7.6.2. */
function erfSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 1; n <= TERMS; n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}

/** erfc(z) = exp(-z^2)/sqrt(pi) / (z + (1/2)/(z + (2/2)/(z + (3/2)/(z + ...)))) for z > 0: DLMF 7.9.2. */
function erfcFraction(z: number): number {
  let tail = z;
  for (let n = TERMS; n >= 1; n--) tail = z + n / 2 / tail;
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / tail;
}

/** Complementary error function with a small relative error also where it is tiny. */
export function erfc(z: number): number {
  if (z < 0) return 2 - erfc(-z);
  return z < SERIES_BELOW ? 1 - erfSeries(z) : erfcFraction(z);
}

/** Distribution and density of the standard normal. */
const Phi = (x: number): number => erfc(-x / Math.SQRT2) / 2;
const phi = (x: number): number => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);

/** Hendrycks and Gimpel 2016, the exact form. */
export const gelu: ReferenceActivation = {
  activate: (x) => x * Phi(x),
  activateGrad: (x) => Phi(x) + x * phi(x),
};
