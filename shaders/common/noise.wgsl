// Random numbers of a training step, linked after common/philox.wgsl and common/clock.wgsl. Every number is a function of
// the run's seed, the step, the place in the step and the element, so that nothing has to be kept.
//
//   block = philox((element / 4, stream, step, layer 2^16 + micro), seed)
//
// Modules that are linked with this one declare `orderKey`.

override orderKeyStride: u32 = 0u;

// The ids of the streams, as in src/lib/random.ts.
const DROPOUT_STREAM = 3u;
const AUGMENTATION_STREAM = 4u;

// Four numbers in [0, 1), multiples of 2^-24, for elements 4 quad .. 4 quad + 3.
fn stepUniforms(r: u32, stream: u32, layer: u32, quad: u32) -> vec4f {
  let seed = vec2u(orderKey[r * orderKeyStride], orderKey[r * orderKeyStride + 1u]);
  let block = philox(vec4u(quad, stream, stepNumber(r), (layer << 16u) | micro), seed);
  return vec4f(block >> vec4u(8u)) * 0x1p-24f;
}
