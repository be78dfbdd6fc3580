// L1 and L2 penalties on the weight matrices, and their gradient, which joins that of the loss and has its scale.
//
//   penalty = sum of l1 |w| + l2/2 w^2      gradient += lossScale (l1 sign(w) + l2 w), sign(0) = 0
//
// Lanes as in probes/gradNorm.wgsl: (start, end, stride) owns the elements start, start + stride, ... below end of a tensor.

override L: u32; // lanes
override matrices: u32; // parameters, from the front, that belong to matrices; the rest are biases
override workgroupX: u32 = 64u;
override parametersStride: u32 = 0u;
override gradientsStride: u32 = 0u;
override controlStride: u32 = 0u;
override partialsStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> parameters: array<f32>;       // (P)
@group(0) @binding(1) var<storage, read_write> gradients: array<f32>;  // (P)
@group(0) @binding(2) var<storage, read> lanes: array<u32>;            // (L, 3)
@group(0) @binding(3) var<storage, read> control: array<f32>;          // (12) see common/control.wgsl
@group(0) @binding(4) var<storage, read_write> partials: array<f32>;   // (3 L): penalties of the lanes from 2 L on

// Each invocation owns one lane.
@compute @workgroup_size(workgroupX)
fn penalize(@builtin(global_invocation_id) id: vec3u) {
  let lane = id.x;
  if (lane >= L) { return; }
  let c = id.z * controlStride;
  let l1 = control[c + L1];
  let l2 = control[c + L2];
  let end = min(matrices, lanes[3u * lane + 1u]);
  var penalty = 0.0;
  for (var p = lanes[3u * lane]; p < end; p += lanes[3u * lane + 2u]) {
    let w = parameters[id.z * parametersStride + p];
    gradients[id.z * gradientsStride + p] += control[c + LOSS_SCALE] * (l1 * sign(w) + l2 * w);
    penalty += l1 * abs(w) + 0.5 * l2 * w * w;
  }
  partials[id.z * partialsStride + 2u * L + lane] = penalty;
}
