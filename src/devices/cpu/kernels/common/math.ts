// Functions of four numbers at a time. exp, log and tanh are right to 2 units in the last place over their whole range;
// NaN gives NaN. Polynomials and reductions: Moshier, Cephes mathematical library, single precision (1989).

/** f where the mask is set, otherwise g. */
@inline
function pick(mask: v128, f: v128, g: v128): v128 {
  return v128.bitselect(f, g, mask);
}

@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/** 2^n for whole n from -126 to 127, given as integers. */
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

export function exp(x: v128): v128 {
  // Beyond these the result is 0 and infinity; pmin and pmax let NaN through, and are one instruction each
  const inside = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const n = f32x4.nearest(f32x4.mul(inside, f32x4.splat(1.44269504)));
  // n ln 2 in two parts (Cody and Waite): the product with the first is exact
  const r = multiplyAdd(n, f32x4.splat(2.12194440e-4), multiplyAdd(n, f32x4.splat(-0.693359375), inside));
  let p = f32x4.splat(1.9875691500e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(multiplyAdd(f32x4.mul(p, r), r, r), f32x4.splat(1));
  // 2^n in two factors, so that subnormal results and the edge of overflow are rounded once
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

export function log(x: v128): v128 {
  const isSubnormal = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const bits = pick(isSubnormal, f32x4.mul(x, f32x4.splat(8388608)), x);
  // x = 2^e (1 + f) with 1 + f from sqrt(1/2) to sqrt(2)
  const exponent = i32x4.shr_s(i32x4.sub(bits, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(bits, i32x4.shl(exponent, 23)), f32x4.splat(1));
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(isSubnormal, f32x4.splat(23)));
  const square = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = multiplyAdd(p, f, f32x4.splat(-1.1514610310e-1));
  p = multiplyAdd(p, f, f32x4.splat(1.1676998740e-1));
  p = multiplyAdd(p, f, f32x4.splat(-1.2420140846e-1));
  p = multiplyAdd(p, f, f32x4.splat(1.4249322787e-1));
  p = multiplyAdd(p, f, f32x4.splat(-1.6668057665e-1));
  p = multiplyAdd(p, f, f32x4.splat(2.0000714765e-1));
  p = multiplyAdd(p, f, f32x4.splat(-2.4999993993e-1));
  p = multiplyAdd(p, f, f32x4.splat(3.3333331174e-1));
  let small = f32x4.mul(f32x4.mul(p, f), square);
  small = multiplyAdd(e, f32x4.splat(-2.12194440e-4), small);
  small = multiplyAdd(square, f32x4.splat(-0.5), small);
  const finite = multiplyAdd(e, f32x4.splat(0.693359375), f32x4.add(f, small));
  const atInfinity = pick(f32x4.eq(x, f32x4.splat(Infinity)), x, finite);
  const atZero = pick(f32x4.eq(x, f32x4.splat(0)), f32x4.splat(-Infinity), atInfinity);
  return pick(f32x4.ge(x, f32x4.splat(0)), atZero, f32x4.splat(NaN));
}

/** The logarithm of one number: the same bits as in a vector. */
export function logOf(x: f32): f32 {
  return f32x4.extract_lane(log(f32x4.splat(x)), 0);
}

export function tanh(x: v128): v128 {
  const sign = v128.and(x, f32x4.splat(-0.0));
  const size = f32x4.abs(x);
  const square = f32x4.mul(size, size);
  let p = f32x4.splat(-5.70498872745e-3);
  p = multiplyAdd(p, square, f32x4.splat(2.06390887954e-2));
  p = multiplyAdd(p, square, f32x4.splat(-5.37397155531e-2));
  p = multiplyAdd(p, square, f32x4.splat(1.33314422036e-1));
  p = multiplyAdd(p, square, f32x4.splat(-3.33332819422e-1));
  const nearZero = multiplyAdd(f32x4.mul(p, square), size, size);
  const growth = f32x4.add(exp(f32x4.add(size, size)), f32x4.splat(1));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), growth));
  return v128.or(sign, pick(f32x4.lt(size, f32x4.splat(0.625)), nearZero, far));
}

/** 1 / (1 + exp(-x)) without overflow. */
export function sigmoid(x: v128): v128 {
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const numerator = pick(f32x4.ge(x, f32x4.splat(0)), f32x4.splat(1), e);
  return f32x4.div(numerator, f32x4.add(f32x4.splat(1), e));
}

/**
 * Complementary error function: Chebyshev fit with fractional error below 1.2e-7 everywhere.
 * Press et al., Numerical Recipes in C, 2nd edition, section 6.2, erfcc.
 */
export function erfc(x: v128): v128 {
  const z = f32x4.abs(x);
  const t = f32x4.div(f32x4.splat(1), multiplyAdd(z, f32x4.splat(0.5), f32x4.splat(1)));
  let p = f32x4.splat(0.17087277);
  p = multiplyAdd(p, t, f32x4.splat(-0.82215223));
  p = multiplyAdd(p, t, f32x4.splat(1.48851587));
  p = multiplyAdd(p, t, f32x4.splat(-1.13520398));
  p = multiplyAdd(p, t, f32x4.splat(0.27886807));
  p = multiplyAdd(p, t, f32x4.splat(-0.18628806));
  p = multiplyAdd(p, t, f32x4.splat(0.09678418));
  p = multiplyAdd(p, t, f32x4.splat(0.37409196));
  p = multiplyAdd(p, t, f32x4.splat(1.00002368));
  p = multiplyAdd(p, t, f32x4.splat(-1.26551223));
  const tail = f32x4.mul(t, exp(f32x4.sub(p, f32x4.mul(z, z))));
  return pick(f32x4.ge(x, f32x4.splat(0)), tail, f32x4.sub(f32x4.splat(2), tail));
}

/** x - n pi/2, with pi/2 in three parts (Cody and Waite). */
@inline
function reduced(x: v128, n: v128): v128 {
  const high = multiplyAdd(n, f32x4.splat(-1.5703125), x);
  const middle = multiplyAdd(n, f32x4.splat(-4.837512969970703125e-4), high);
  return multiplyAdd(n, f32x4.splat(-7.549789948768648e-8), middle);
}

/** sin(r + quadrant pi/2) for r from -pi/4 to pi/4. */
@inline
function sinQuadrant(r: v128, quadrant: v128): v128 {
  const square = f32x4.mul(r, r);
  let s = multiplyAdd(square, f32x4.splat(-1.9515295891e-4), f32x4.splat(8.3321608736e-3));
  s = multiplyAdd(s, square, f32x4.splat(-1.6666654611e-1));
  s = multiplyAdd(f32x4.mul(s, square), r, r);
  let c = multiplyAdd(square, f32x4.splat(2.443315711809948e-5), f32x4.splat(-1.388731625493765e-3));
  c = multiplyAdd(c, square, f32x4.splat(4.166664568298827e-2));
  c = multiplyAdd(c, square, f32x4.splat(-0.5));
  c = multiplyAdd(c, square, f32x4.splat(1));
  const isOdd = i32x4.eq(v128.and(quadrant, i32x4.splat(1)), i32x4.splat(1));
  return v128.xor(pick(isOdd, c, s), i32x4.shl(v128.and(quadrant, i32x4.splat(2)), 30));
}

/** Good for |x| < 1e4: the reduction loses a bit with each further doubling. */
export function sin(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(0.63661977)));
  return sinQuadrant(reduced(x, n), i32x4.trunc_sat_f32x4_s(n));
}

/** As `sin`. */
export function cos(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(0.63661977)));
  return sinQuadrant(reduced(x, n), i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(1)));
}
