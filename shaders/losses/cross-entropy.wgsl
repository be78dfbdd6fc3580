// Softmax cross-entropy with class weights w and label smoothing, and its gradient in place of the logits.
//
//   q_c = own w_label [c = label] + every w_c           own = 1 - labelSmoothing, every = labelSmoothing / O
//   loss_b = -sum_c q_c log softmax(logits)_c / w̄       dloss_b/dlogits = (softmax(logits) sum_c q_c - q) / w̄
//
// w̄ is the mean weight of the batch's labels, so that the mean over the rows is the mean weighted with w_label; a batch
// whose labels all weigh 0 has none, and gives NaN. Without smoothing and weights all factors are 1 and change no bit.
// The fused form never takes the logarithm of a probability near 1, where WGSL promises no relative accuracy.
//
// settings = (own, every, 1 / w̄ or 0 where it is the batch's own, sum_c every w_c, w_0 ... w_(O-1))

const FIRST_WEIGHT = 4u;

fn classWeight(r: u32, c: u32) -> f32 { return setting(r, FIRST_WEIGHT + c); }

fn labelOf(r: u32, b: u32) -> u32 { return u32(targets[r * targetsStride + b]); }

// 1 / w̄. Without class weights it is given. With them, each invocation sums the whole batch by itself: B^2 loads of
// neighbouring numbers, little beside the layers' products, and no barrier where there are no weights.
fn weightScale(r: u32, count: u32) -> f32 {
  let given = setting(r, 2u);
  if (given > 0.0) { return given; }
  var sum = 0.0;
  for (var b = 0u; b < count; b++) { sum += classWeight(r, labelOf(r, b)); }
  return f32(count) / sum;
}

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
  let label = labelOf(r, b);
  var largest = f32(outputs[row]);
  var largestClass = 0u;
  for (var c = 1u; c < O; c++) {
    if (f32(outputs[row + c]) > largest) {
      largest = f32(outputs[row + c]);
      largestClass = c;
    }
  }
  var sum = 0.0;
  for (var c = 0u; c < O; c++) { sum += exp(f32(outputs[row + c]) - largest); }

  let every = setting(r, 1u);
  let ofLabel = setting(r, 0u) * classWeight(r, label);
  let total = ofLabel + setting(r, 3u);
  // An infinite logit times 0 would be NaN
  var smoothed = 0.0;
  if (every > 0.0) {
    for (var c = 0u; c < O; c++) { smoothed += every * classWeight(r, c) * (f32(outputs[row + c]) - largest); }
  }
  let scale = weightScale(r, count);
  let loss = total * log(sum) - ofLabel * (f32(outputs[row + label]) - largest) - smoothed;
  storeRow(r, b, loss * scale, select(0.0, 1.0, largestClass == label));

  let factor = gradientScale(r) * scale;
  for (var c = 0u; c < O; c++) {
    let probability = exp(f32(outputs[row + c]) - largest) / sum;
    let share = every * classWeight(r, c) + select(0.0, ofLabel, c == label);
    outputs[row + c] = toStored((probability * total - share) * factor);
  }
}
