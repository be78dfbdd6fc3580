// Arithmetic with twice the digits of float32: a number is the exact sum of a pair (high, low).
// Dekker 1971, "A floating-point technique for extending the available precision"; Ogita, Rump and Oishi 2005,
// "Accurate sum and dot product", https://doi.org/10.1137/030601818.
//
// Compilers may fuse a product with a sum, and may take (s + p) - s for p. So what has to be rounded passes through an
// exclusive or with `zero`, a 0 from memory of which no compiler knows; and factors are split by their bits, so that
// partial products are exact and fusing them changes nothing.

var<private> zero: u32;

fn rounded(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ zero); }

// The leading 12 bits; what is left has at most 12.
fn leading(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u); }

// x + y, exactly
fn exactSum(x: f32, y: f32) -> vec2f {
  let high = rounded(x + y);
  let part = rounded(high - x);
  return vec2f(high, (x - (high - part)) + (y - part));
}

// x y, exactly
fn exactProduct(x: f32, y: f32) -> vec2f {
  let high = rounded(x * y);
  let x1 = leading(x);
  let y1 = leading(y);
  let x2 = x - x1;
  let y2 = y - y1;
  return vec2f(high, x2 * y2 - (((high - x1 * y1) - x2 * y1) - x1 * y2));
}

// sum + x y for pairs. The low part of the sum may grow; tidy() ends a chain of these.
fn addProduct(sum: vec2f, x: vec2f, y: vec2f) -> vec2f {
  let product = exactProduct(x.x, y.x);
  let high = exactSum(sum.x, product.x);
  return vec2f(high.x, sum.y + (high.y + (product.y + (x.x * y.y + x.y * y.x))));
}

fn tidy(sum: vec2f) -> vec2f { return exactSum(sum.x, sum.y); }
