// Huber loss over examples and outputs, and its gradient in place of the predictions (Huber 1964). With
// d = prediction - target:
//
//   loss_b = mean_o (d^2 / 2 where |d| <= delta, otherwise delta (|d| - delta / 2))
//   d/dprediction = (d where |d| <= delta, otherwise delta sign(d)) / (count O)
//
// settings = (delta)

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
  let delta = setting(r, 0u);
  let scale = gradientScale(r) / f32(O);
  var sum = 0.0;
  for (var o = 0u; o < O; o++) {
    let difference = f32(outputs[row + o]) - targets[r * targetsStride + b * O + o];
    let size = abs(difference);
    let isSmall = size <= delta;
    sum += select(delta * (size - 0.5 * delta), 0.5 * difference * difference, isSmall);
    outputs[row + o] = toStored(scale * select(delta * signOf(difference), difference, isSmall));
  }
  storeRow(r, b, sum / f32(O), 0.0);
}
