// L2 norms of the gradients: of each tensor, and of all together. First half: partial sums of squares.
//
// A lane (start, end, stride) owns the elements start, start + stride, ... below end of one tensor, so that neighbouring
// invocations read neighbouring numbers. Non-finite gradients are found by their exponent bits: compilers drop x != x.

override L: u32; // lanes
override workgroupX: u32 = 64u;
override gradientsStride: u32 = 0u;
override partialsStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> gradients: array<f32>;       // (P) all parameters
@group(0) @binding(1) var<storage, read> lanes: array<u32>;           // (L, 3)
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;  // (L, 2) sum of squares, non-finite numbers

// Each invocation owns one lane.
@compute @workgroup_size(workgroupX)
fn partialSums(@builtin(global_invocation_id) id: vec3u) {
  let lane = id.x;
  if (lane >= L) { return; }
  let end = lanes[3u * lane + 1u];
  let stride = lanes[3u * lane + 2u];
  var sum = 0.0;
  var nonFinite = 0.0;
  for (var p = lanes[3u * lane]; p < end; p += stride) {
    let gradient = gradients[id.z * gradientsStride + p];
    sum += gradient * gradient;
    nonFinite += select(0.0, 1.0, (bitcast<u32>(gradient) & 0x7f800000u) == 0x7f800000u);
  }
  partials[id.z * partialsStride + 2u * lane] = sum;
  partials[id.z * partialsStride + 2u * lane + 1u] = nonFinite;
}
