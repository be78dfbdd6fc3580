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
 * Cross-entropy of one row with a target distribution q. Each exponential has a relative error of (3 + 3 |d|) u at
 * d = z - max, of which |d| is that of the difference; weighted with its share p = exp(d) / sum it is below 5 u because
 * p |d| <= 1. The sum of O of them adds O u, the logarithm 3 ULP or 4 u absolute. sum q is rounded four times, each
 * q d three times and up to O times more in their sum; two differences follow. With class weights the mean of n of them
 * is the batch's, n additions and a quotient; otherwise n is 0.
 */
export function crossEntropyBounds({
  logits,
  shares,
  loss,
  gradient,
  scale,
  weights,
}: {
  readonly logits: readonly number[];
  /** q */
  readonly shares: readonly number[];
  readonly loss: number;
  readonly gradient: readonly number[];
  /** Factor of the gradient, but for that of the weights. */
  readonly scale: number;
  /** n */
  readonly weights: number;
}): { readonly loss: number; readonly gradient: readonly number[] } {
  const O = logits.length;
  const largest = Math.max(...logits);
  const distances = logits.map((z) => largest - z);
  const sum = distances.reduce((total, distance) => total + Math.exp(-distance), 0);
  const total = shares.reduce((all, share) => all + share, 0);
  const distant = shares.reduce((all, share, c) => all + share * distances[c], 0);
  // What the loss was multiplied by after it had these errors: 1 without class weights.
  const exact = total * Math.log(sum) + distant;
  const weightScale = exact === 0 ? 1 : loss / exact;
  const sumError = O + 6;
  const ofLoss = total * (sumError + 4) + 6 * total * Math.log(sum) + (O + 6) * distant;
  const ofScale = weights + 12;
  return {
    loss: UNIT_ROUNDOFF * (weightScale * ofLoss + ofScale * Math.abs(loss)) + FLUSHED,
    gradient: gradient.map((g, c) => {
      const ofProbability = (total * Math.exp(-distances[c]) * (3 * distances[c] + sumError + 8)) / sum;
      const ofDifference = scale * weightScale * (ofProbability + 4 * shares[c]);
      return UNIT_ROUNDOFF * (ofDifference + ofScale * Math.abs(g)) + FLUSHED;
    }),
  };
}
