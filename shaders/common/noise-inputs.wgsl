// Noise on the inputs of a training batch, drawn anew at each step.
//
//   batchInputs += inputNoise n, with n from the standard normal distribution
//
// Box and Muller (1958): of two uniform numbers u and v, n = sqrt(-2 log(1 - u)) (cos(2 pi v), sin(2 pi v)).
// Rows from `count` on are padding and stay 0. Linked with common/noise.wgsl, and with common/math.wgsl for sine and cosine.

override B: u32; // rows of the batch
override I: u32; // numbers per input
override workgroupX: u32 = 64u;
override batchInputsStride: u32 = 0u;
override controlStride: u32 = 0u;

@group(0) @binding(0) var<storage, read_write> batchInputs: array<Stored>;  // (B, I)
@group(0) @binding(1) var<storage, read> control: array<f32>;               // (12) see common/control.wgsl
@group(0) @binding(2) var<storage, read> orderKey: array<u32>;              // (2) low and high half of the seed
@group(0) @binding(3) var<storage, read> clock: array<u32>;                 // (2) see common/clock.wgsl
@group(0) @binding(4) var<storage, read> batches: array<u32>;               // (K M, 5)

// The logarithm of a number in [2^-24, 1]; the built-in may be off by 2^-21 near 1. Moshier, Cephes (1989), as on the CPU.
fn logAccurate(x: f32) -> f32 {
  let bits = bitcast<i32>(x);
  let exponent = (bits - 0x3f3504f3i) >> 23u;
  let f = bitcast<f32>(bits - (exponent << 23u)) - 1.0;
  let square = f * f;
  var p = 7.0376836292e-2;
  p = p * f - 1.1514610310e-1;
  p = p * f + 1.1676998740e-1;
  p = p * f - 1.2420140846e-1;
  p = p * f + 1.4249322787e-1;
  p = p * f - 1.6668057665e-1;
  p = p * f + 2.0000714765e-1;
  p = p * f - 2.4999993993e-1;
  p = p * f + 3.3333331174e-1;
  let e = f32(exponent);
  return e * 0.693359375 + (f + (p * f * square - 0.5 * square - e * 2.12194440e-4));
}

fn normalPair(u: f32, v: f32) -> vec2f {
  let radius = sqrt(-2.0 * logAccurate(1.0 - u));
  // 4 v and its distance to a whole number are exact
  let quadrant = round(4.0 * v);
  let angle = (4.0 * v - quadrant) * 1.5707964;
  return radius * vec2f(sinQuadrant(angle, i32(quadrant) + 1), sinQuadrant(angle, i32(quadrant)));
}

// Each invocation owns elements 4 id.x .. 4 id.x + 3.
@compute @workgroup_size(workgroupX)
fn addNoise(@builtin(global_invocation_id) id: vec3u) {
  let first = 4u * id.x;
  let end = min(B, batchCount(id.z)) * I;
  if (first >= end) { return; }
  let u = stepUniforms(id.z, AUGMENTATION_STREAM, 0u, id.x);
  let normals = vec4f(normalPair(u.x, u.y), normalPair(u.z, u.w));
  let deviation = control[id.z * controlStride + INPUT_NOISE];
  for (var lane = 0u; lane < min(4u, end - first); lane++) {
    let at = id.z * batchInputsStride + first + lane;
    batchInputs[at] = toStored(f32(batchInputs[at]) + deviation * normals[lane]);
  }
}
