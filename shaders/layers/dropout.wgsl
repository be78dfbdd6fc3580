// Inverted dropout and its gradient.
//
//   output = input / (1 - dropout) where u >= dropout, otherwise 0, with u uniform in [0, 1)
//
// Srivastava et al. (2014), https://jmlr.org/papers/v15/srivastava14a.html. The mask is never stored: both directions draw
// it from the same counters. Calls activateGrad(): `inputGrad` is multiplied by the derivative of the activation that made
// `input`, found from `saved`. Linked with common/noise.wgsl.

override count: u32; // elements
override layer: u32; // the hidden layer that is dropped, from 0
override accumulate: u32 = 0u; // 1: add to the gradient, 0: store it
override workgroupX: u32 = 64u;
override inputStride: u32 = 0u;
override outputStride: u32 = 0u;
override outputGradStride: u32 = 0u;
override savedStride: u32 = 0u;
override inputGradStride: u32 = 0u;
override controlStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> input: array<Stored>;            // (B, O)
@group(0) @binding(1) var<storage, read_write> output: array<Stored>;     // (B, O)
@group(0) @binding(2) var<storage, read> outputGrad: array<Stored>;       // (B, O)
@group(0) @binding(3) var<storage, read> saved: array<Stored>;            // (B, O)
@group(0) @binding(4) var<storage, read_write> inputGrad: array<Stored>;  // (B, O)
@group(0) @binding(5) var<storage, read> control: array<f32>;             // (12) see common/control.wgsl
@group(0) @binding(6) var<storage, read> orderKey: array<u32>;            // (2) low and high half of the seed
@group(0) @binding(7) var<storage, read> clock: array<u32>;               // (2) see common/clock.wgsl
@group(0) @binding(8) var<storage, read> batches: array<u32>;             // (K M, 5)

// The factors of elements 4 quad .. 4 quad + 3
fn mask(r: u32, quad: u32) -> vec4f {
  let probability = control[r * controlStride + DROPOUT];
  let isKept = stepUniforms(r, DROPOUT_STREAM, layer, quad) >= vec4f(probability);
  return select(vec4f(0.0), vec4f(1.0 / (1.0 - probability)), isKept);
}

// Each invocation owns output[4 id.x .. 4 id.x + 3].
@compute @workgroup_size(workgroupX)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let first = 4u * id.x;
  if (first >= count) { return; }
  let factors = mask(id.z, id.x);
  for (var lane = 0u; lane < min(4u, count - first); lane++) {
    let at = first + lane;
    output[id.z * outputStride + at] = toStored(factors[lane] * f32(input[id.z * inputStride + at]));
  }
}

// Each invocation owns inputGrad[4 id.x .. 4 id.x + 3].
@compute @workgroup_size(workgroupX)
fn backward(@builtin(global_invocation_id) id: vec3u) {
  let first = 4u * id.x;
  if (first >= count) { return; }
  let factors = mask(id.z, id.x);
  for (var lane = 0u; lane < min(4u, count - first); lane++) {
    let at = first + lane;
    let slope = activateGrad(f32(saved[id.z * savedStride + at]));
    var gradient = factors[lane] * f32(outputGrad[id.z * outputGradStride + at]) * slope;
    let place = id.z * inputGradStride + at;
    if (accumulate == 1u) { gradient += f32(inputGrad[place]); }
    inputGrad[place] = toStored(gradient);
  }
}
