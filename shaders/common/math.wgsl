// Functions that WGSL leaves out or does not promise to be accurate. Linked with every activation.

// tanh. The built-in may be wrong by 100 % near 0 (absolute error 1e-5 is allowed; 89 to 102 % measured on two software
// drivers at |x| ~ 1e-7) and may overflow for large x.
fn tanhAccurate(x: f32) -> f32 {
  let square = x * x;
  if (square < 0.0625) {
    // Odd Taylor polynomial; its first dropped term is 1.6e-3 x^11: 1.5e-9 relative at |x| = 0.25
    return x * (1.0 + square * (-0.33333333 + square * (0.13333333 + square * (-0.053968254 + square * 0.021869488))));
  }
  let e = exp(-2.0 * abs(x));
  return sign(x) * (1.0 - e) / (1.0 + e);
}

// 1 / (1 + exp(-x)) without overflow
fn sigmoid(x: f32) -> f32 {
  let e = exp(-abs(x));
  return select(e, 1.0, x >= 0.0) / (1.0 + e);
}

// Complementary error function: Chebyshev fit with fractional error below 1.2e-7 everywhere.
// Press et al., Numerical Recipes in C, 2nd edition, section 6.2, erfcc.
fn erfc(x: f32) -> f32 {
  let z = abs(x);
  let t = 1.0 / (1.0 + 0.5 * z);
  let polynomial = -1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806
    + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  let tail = t * exp(-z * z + polynomial);
  return select(2.0 - tail, tail, x >= 0.0);
}

// sin and cos: reduced to [-pi/4, pi/4] by multiples of pi/2 in two parts (Cody and Waite), then polynomials, because the
// built-ins promise an absolute error of 2^-11 on [-pi, pi] and nothing outside. Good for |x| < 1e4.
const twoOverPi = 0.63661977;
const halfPiHigh = 1.5707703; // 16 leading bits: its products with small integers are exact
const halfPiLow = 0.000026063122;

fn quadrantOf(x: f32) -> f32 { return round(x * twoOverPi); }
fn reduced(x: f32, quadrant: f32) -> f32 { return (x - quadrant * halfPiHigh) - quadrant * halfPiLow; }

fn sinPolynomial(x: f32) -> f32 {
  let square = x * x;
  return x + x * square * (-0.16666667 + square * (0.0083333333 + square * (-0.00019841270 + square * 0.0000027557319)));
}

fn cosPolynomial(x: f32) -> f32 {
  let square = x * x;
  return 1.0 + square * (-0.5 + square * (0.041666667 + square * (-0.0013888889 + square * 0.000024801587)));
}

fn sinQuadrant(x: f32, quadrant: i32) -> f32 {
  let isOdd = (quadrant & 1) == 1;
  let value = select(sinPolynomial(x), cosPolynomial(x), isOdd);
  return select(value, -value, (quadrant & 2) == 2);
}

fn sinAccurate(x: f32) -> f32 {
  let quadrant = quadrantOf(x);
  return sinQuadrant(reduced(x, quadrant), i32(quadrant));
}

fn cosAccurate(x: f32) -> f32 {
  let quadrant = quadrantOf(x);
  return sinQuadrant(reduced(x, quadrant), i32(quadrant) + 1);
}
