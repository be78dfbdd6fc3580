// y = x s(x) with the sigmoid s, y' = s + x s (1 - s)
// https://arxiv.org/abs/1702.03118
fn activate(x: f32) -> f32 { return x * sigmoid(x); }
fn activateGrad(x: f32) -> f32 {
  let s = sigmoid(x);
  return s + x * s * (1.0 - s);
}
