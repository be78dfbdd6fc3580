// How weights, activations and gradients lie in memory: as float16. Linked with common/bits-f16.wgsl and
// common/storage-rounding.wgsl, after `enable f16;`. What is loaded is exact.

alias Stored = f16;
alias StoredFour = vec4<f16>;

fn toStored(x: f32) -> f16 { return bitcast<vec2<f16>>(storedBits(x)).x; }

fn toStoredFour(x: vec4f) -> vec4<f16> {
  let low = storedBits(x.x) | (storedBits(x.y) << 16u);
  let high = storedBits(x.z) | (storedBits(x.w) << 16u);
  return bitcast<vec4<f16>>(vec2u(low, high));
}
