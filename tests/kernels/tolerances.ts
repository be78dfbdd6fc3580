/**
 * How far a float32 device may be from the float64 reference, derived from the arithmetic, never tuned to a result.
 *
 * WGSL rounds every +, - and * correctly but in either direction, so the unit roundoff is u = 2^-23 rather than 2^-24,
 * and it may reassociate, so that only bounds for ANY order of summation hold (Higham, "Accuracy and Stability of
 * Numerical Algorithms", 2nd edition, section 4.2).
 */
export const UNIT_ROUNDOFF = 2 ** -23;

/** WGSL may flush numbers below 2^-126 to 0 in every operation, and such a factor may meet one of up to 2^7. */
export const FLUSHED = 2 ** -119;

/**
 * Bound on the error of a sum of n products: gamma_(n+2) sum |a||b|, with gamma_k = k u / (1 - k u). Each product is
 * rounded once and goes through at most n additions; the two to spare are a bias or an existing gradient that is added,
 * and the store.
 *
 * @param absoluteSum the same sum over absolute values, exact.
 */
export function sumBound(n: number, absoluteSum: number): number {
  const roundings = (n + 2) * UNIT_ROUNDOFF;
  return (roundings / (1 - roundings)) * absoluteSum + FLUSHED;
}

/**
 * Roundings that a function of one number may spend on its result and on its argument. The longest chain is GELU's:
 * a square, a polynomial of ten terms (whose fit is good for 1.2e-7 = 1 u), an exponential at 3 ULP, two quotients at
 * 2.5 ULP each, two products. The part of an exponential's error that grows with its argument, 2|x| ULP, is an error in
 * the argument.
 */
export const FUNCTION_ROUNDINGS = 24;

/**
 * Bound for y = f(x) by the mixed forward and backward error: |y^ - y| <= k u (|y| + |x f'(x)|). It is relative where f
 * is well-conditioned, and asks for no more digits near a root of f than x itself has.
 */
export function functionBound(f: (x: number) => number, x: number): number {
  const nearby = Math.max(Math.abs(x) * 1e-6, 1e-12);
  const slope = (f(x + nearby) - f(x - nearby)) / (2 * nearby);
  return FUNCTION_ROUNDINGS * UNIT_ROUNDOFF * (Math.abs(f(x)) + Math.abs(x * slope)) + FLUSHED;
}

/** Bound for f(x^) where x^ is within `error` of x: the most that f changes there, and its own error. */
export function composedBound(f: (x: number) => number, x: number, error: number): number {
  const change = Math.max(Math.abs(f(x + error) - f(x)), Math.abs(f(x - error) - f(x)));
  return change + functionBound(f, x);
}

/**
 * Roundings of one parameter's update in any optimizer, whose numbers are all of size 1 in the tests: at most a dozen
 * operations, of which one square root (2 + 2.5 ULP) and one quotient (2.5 ULP).
 */
export const UPDATE_BOUND = 24 * UNIT_ROUNDOFF;

/**
 * Parameters after 100 steps, relative to their scale: each step rounds a parameter once, by at most u / 2 to nearest;
 * 100 such roundings of either sign add up to 10 u / 2 = 6e-7.
 */
export const TRAJECTORY_BOUND = 1e-6;

/**
 * Cross-entropy of one row. Each exponential has a relative error of (3 + 3 |d|) u at d = z - max, of which |d| is that
 * of the difference; weighted with its share p = exp(d) / sum it is below 5 u because p |d| <= 1. The sum of O of them
 * adds O u, the logarithm 3 ULP or 4 u absolute, the difference to the label's logit one rounding of each.
 */
export function crossEntropyBounds({
  loss,
  labelDistance,
  probability,
  distance,
  isLabel,
  O,
  count,
}: {
  readonly loss: number;
  /** Largest logit minus the label's. */
  readonly labelDistance: number;
  readonly probability: number;
  /** Largest logit minus this one. */
  readonly distance: number;
  readonly isLabel: boolean;
  readonly O: number;
  readonly count: number;
}): { readonly loss: number; readonly gradient: number } {
  const sumError = O + 6;
  const ofProbability = probability * (3 * distance + sumError + 3);
  return {
    loss: UNIT_ROUNDOFF * (sumError + 4 + 2 * labelDistance + 2 * Math.abs(loss)),
    gradient: (UNIT_ROUNDOFF / count) * (ofProbability + 6 * Math.abs(probability - (isLabel ? 1 : 0))) + FLUSHED,
  };
}
