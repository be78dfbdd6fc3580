// Softmax cross-entropy, and its gradient in place of the logits.
//
//   loss_b = log(sum_c exp(logits_bc)) - logits_b,label      d/dlogits = (softmax(logits) - onehot(label)) / count
//
// The fused form never takes the logarithm of a probability near 1, where WGSL promises no relative accuracy.
// Rows from `count` on are padding of a short last batch: their loss and gradient are 0.

override B: u32; // rows
override O: u32; // outputs: classes
override workgroupX: u32 = 64u;
override outputsStride: u32 = 0u;
override targetsStride: u32 = 0u;
override rowLossStride: u32 = 0u;
override rowHitStride: u32 = 0u;

@group(0) @binding(0) var<storage, read_write> outputs: array<f32>;  // (B, O) logits, then their gradient
@group(0) @binding(1) var<storage, read> targets: array<f32>;        // (B) class numbers
@group(0) @binding(2) var<storage, read_write> rowLoss: array<f32>;  // (B)
@group(0) @binding(3) var<storage, read_write> rowHit: array<f32>;   // (B) 1 where the largest logit is the label's
@group(0) @binding(4) var<storage, read> clock: array<u32>;          // (2) see common/clock.wgsl
@group(0) @binding(5) var<storage, read> batches: array<u32>;        // (K, 4)

// Each invocation owns row b.
@compute @workgroup_size(workgroupX)
fn forwardBackward(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  if (b >= B) { return; }
  let row = id.z * outputsStride + b * O;
  let count = batchCount(id.z);
  if (b >= count) {
    for (var c = 0u; c < O; c++) { outputs[row + c] = 0.0; }
    rowLoss[id.z * rowLossStride + b] = 0.0;
    rowHit[id.z * rowHitStride + b] = 0.0;
    return;
  }

  let label = u32(targets[id.z * targetsStride + b]);
  var largest = outputs[row];
  var largestClass = 0u;
  for (var c = 1u; c < O; c++) {
    if (outputs[row + c] > largest) {
      largest = outputs[row + c];
      largestClass = c;
    }
  }
  var sum = 0.0;
  for (var c = 0u; c < O; c++) { sum += exp(outputs[row + c] - largest); }
  rowLoss[id.z * rowLossStride + b] = log(sum) - (outputs[row + label] - largest);
  rowHit[id.z * rowHitStride + b] = select(0.0, 1.0, largestClass == label);

  let scale = 1.0 / f32(count);
  for (var c = 0u; c < O; c++) {
    let probability = exp(outputs[row + c] - largest) / sum;
    outputs[row + c] = (probability - select(0.0, 1.0, c == label)) * scale;
  }
}
