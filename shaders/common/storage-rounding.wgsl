// Rounding of float32 to a smaller format, on its bits: WGSL leaves open how pack2x16float and f16() round, and whether
// subnormal numbers survive arithmetic.
//
// To nearest, ties to even; subnormal numbers are kept, what is too large becomes infinite, a NaN stays one. The result
// is the float32 that has the rounded value.

const F16 = 0u; // IEEE 754 binary16: 11 significant bits, 2^-24 to 65504
const BF16 = 1u; // bfloat16: 8 significant bits, the range of float32

// Rounds a magnitude's bits to a multiple of 2^drop. A carry moves into the exponent, as it should.
fn withoutBits(magnitude: u32, drop: u32) -> u32 {
  let even = (magnitude >> drop) & 1u;
  return (magnitude + (1u << (drop - 1u)) - 1u + even) & ~((1u << drop) - 1u);
}

fn toHalf(magnitude: u32) -> u32 {
  if (magnitude <= 0x33000000u) { return 0u; } // 2^-25, the tie between 0 and the smallest number
  if (magnitude < 0x33800000u) { return 0x33800000u; } // 2^-24
  // Below 2^-14 the numbers stay 2^-24 apart: one bit less per octave
  let rounded = withoutBits(magnitude, 126u - min(113u, magnitude >> 23u));
  return select(rounded, 0x7f800000u, rounded >= 0x47800000u); // 2^16
}

fn roundedBits(bits: u32, format: u32) -> u32 {
  let magnitude = bits & 0x7fffffffu;
  let drop = select(13u, 16u, format == BF16);
  var rounded: u32;
  if (magnitude > 0x7f800000u) {
    rounded = (magnitude | 0x00400000u) & ~((1u << drop) - 1u);
  } else if (format == BF16) {
    rounded = withoutBits(magnitude, drop);
  } else {
    rounded = toHalf(magnitude);
  }
  return (bits & 0x80000000u) | rounded;
}
