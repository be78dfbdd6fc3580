// Mean squared error over examples and outputs, and its gradient in place of the predictions.
//
//   loss_b = mean_o (prediction_bo - target_bo)^2      d/dprediction = 2 (prediction - target) / (count O)

// Each invocation owns row b.
@compute @workgroup_size(workgroupX)
fn forwardBackward(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  let r = id.z;
  if (b >= B) { return; }
  let count = batchCount(r);
  if (b >= count) {
    clearRow(r, b);
    return;
  }

  let row = r * outputsStride + b * O;
  let scale = 2.0 * gradientScale(r) / f32(O);
  var sum = 0.0;
  for (var o = 0u; o < O; o++) {
    let difference = f32(outputs[row + o]) - targets[r * targetsStride + b * O + o];
    sum += difference * difference;
    outputs[row + o] = toStored(scale * difference);
  }
  storeRow(r, b, sum / f32(O), 0.0);
}
