// A float16 as 16 bits. Linked with common/storage-rounding.wgsl: rounded on the bits, since WGSL leaves open how f16() and
// pack2x16float() round, and whether unpack2x16float() keeps subnormal numbers.

fn storedBits(x: f32) -> u32 {
  let bits = roundedBits(bitcast<u32>(x), F16);
  let magnitude = bits & 0x7fffffffu;
  var half: u32;
  if (magnitude >= 0x7f800000u) {
    half = 0x7c00u | ((magnitude >> 13u) & 0x3ffu);
  } else if (magnitude >= 0x38800000u) { // 2^-14
    half = (magnitude - 0x38000000u) >> 13u;
  } else {
    half = u32(bitcast<f32>(magnitude) * 0x1p24);
  }
  return ((bits >> 16u) & 0x8000u) | half;
}

// Exact: a subnormal number is a multiple of 2^-24, and a normal one as float32.
fn storedValue(bits: u32) -> f32 {
  let magnitude = bits & 0x7fffu;
  let normal = (magnitude << 13u) + select(0x38000000u, 0x70000000u, magnitude >= 0x7c00u);
  let subnormal = bitcast<u32>(f32(magnitude) * 0x1p-24);
  return bitcast<f32>(((bits & 0x8000u) << 16u) | select(normal, subnormal, magnitude < 0x400u));
}
