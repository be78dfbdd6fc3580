// Binary cross-entropy of a single logit z and a label y, 0 or 1, and its gradient in place of the logit.
//
//   loss_b = max(z, 0) - z y + log(1 + exp(-|z|))      dloss_b/dz = sigmoid(z) - y
//
// sigmoid(z) - 1 is computed as -sigmoid(-z): the difference would lose the digits of a prediction that is nearly right.

// log(1 + e) for e from 0 to 1, as 2 artanh(s) with s = e / (2 + e) up to 1/3: seven terms of its series are good for
// 2e-8 of the result. WGSL's logarithm promises no relative accuracy near 1.
fn logOnePlus(e: f32) -> f32 {
  let s = e / (2.0 + e);
  let q = s * s;
  let tail = q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q * (1.0 / 13.0))))));
  return 2.0 * (s + s * tail);
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

  let at = r * outputsStride + b * O;
  let z = f32(outputs[at]);
  let label = targets[r * targetsStride + b];
  let isSecond = label == 1.0;
  let e = exp(-abs(z));
  storeRow(r, b, max(z, 0.0) - z * label + logOnePlus(e), select(0.0, 1.0, (z > 0.0) == isSecond));

  // sigmoid(z), or sigmoid(-z)
  let wrong = select(z, -z, isSecond);
  let probability = select(1.0, e, wrong < 0.0) / (1.0 + e);
  outputs[at] = toStored(select(probability, -probability, isSecond) * gradientScale(r));
}
