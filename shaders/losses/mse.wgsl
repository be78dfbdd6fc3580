// Mean squared error over examples and outputs, and its gradient in place of the predictions.
//
//   loss_b = mean_o (prediction_bo - target_bo)^2      d/dprediction = 2 (prediction - target) / (count O)
//
// Rows from `count` on are padding of a short last batch: their loss and gradient are 0.

override B: u32; // rows
override O: u32; // outputs
override workgroupX: u32 = 64u;
override outputsStride: u32 = 0u;
override targetsStride: u32 = 0u;
override rowLossStride: u32 = 0u;
override rowHitStride: u32 = 0u;

@group(0) @binding(0) var<storage, read_write> outputs: array<f32>;  // (B, O) predictions, then their gradient
@group(0) @binding(1) var<storage, read> targets: array<f32>;        // (B, O)
@group(0) @binding(2) var<storage, read_write> rowLoss: array<f32>;  // (B)
@group(0) @binding(3) var<storage, read_write> rowHit: array<f32>;   // (B) 0: a number is never simply right
@group(0) @binding(4) var<storage, read> clock: array<u32>;          // (2) see common/clock.wgsl
@group(0) @binding(5) var<storage, read> batches: array<u32>;        // (K, 4)

// Each invocation owns row b.
@compute @workgroup_size(workgroupX)
fn forwardBackward(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  if (b >= B) { return; }
  let row = id.z * outputsStride + b * O;
  let count = batchCount(id.z);
  let scale = select(0.0, 2.0 / (f32(count) * f32(O)), b < count);
  var sum = 0.0;
  for (var o = 0u; o < O; o++) {
    let difference = outputs[row + o] - targets[id.z * targetsStride + b * O + o];
    sum += difference * difference;
    outputs[row + o] = scale * difference;
  }
  rowLoss[id.z * rowLossStride + b] = select(0.0, sum / f32(O), b < count);
  rowHit[id.z * rowHitStride + b] = 0.0;
}
