// How weights, activations and gradients lie in memory: as float16. Linked with common/storage-rounding.wgsl, after
// `enable f16;`. Rounded on the bits, since WGSL leaves open how f16() rounds; what is loaded is exact.

alias Stored = f16;
alias StoredFour = vec4<f16>;

fn halfBits(x: f32) -> u32 {
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

fn toStored(x: f32) -> f16 { return bitcast<vec2<f16>>(halfBits(x)).x; }

fn toStoredFour(x: vec4f) -> vec4<f16> {
  let low = halfBits(x.x) | (halfBits(x.y) << 16u);
  let high = halfBits(x.z) | (halfBits(x.w) << 16u);
  return bitcast<vec4<f16>>(vec2u(low, high));
}
