/** A central difference's own error: about step^2 of the third derivative and 2^-52 / step of rounding. */
const STEP = 1e-6;

/** Relative and absolute difference that a gradient may have from its central difference. */
export const GRADIENT_RTOL = 1e-5;
export const GRADIENT_ATOL = 1e-7;

/** The derivative of `value` by each element of `at`, which is changed in place and put back. */
export function centralDifferences(at: Float64Array, value: () => number): Float64Array {
  return at.map((x, index) => {
    at[index] = x + STEP;
    const above = value();
    at[index] = x - STEP;
    const below = value();
    at[index] = x;
    return (above - below) / (2 * STEP);
  });
}

/** The first element whose gradient is not that of the differences, in words; `undefined` where all agree. */
export function gradientMismatch(gradient: Float64Array, differences: Float64Array): string | undefined {
  const index = differences.findIndex((difference, i) => {
    const error = Math.abs(gradient[i] - difference);
    return !(error <= GRADIENT_ATOL + GRADIENT_RTOL * Math.abs(difference));
  });
  return index < 0 ? undefined : `[${index}]: got ${gradient[index]}, expected ${differences[index]}`;
}
