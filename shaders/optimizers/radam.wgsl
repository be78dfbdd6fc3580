// RAdam: Adam whose first steps do without the second moment, until its variance is known to be finite. Linked with
// moments.wgsl.
//
//   g = grad + weightDecay p      m, v: see moments.wgsl      M = m / (1 - beta1^t)
//   p -= learningRate M rectification sqrt(1 - beta2^t) / (sqrt(v) + epsilon) where rectified, else learningRate M
//
// https://arxiv.org/abs/1908.03265, Algorithm 2. The host computes what depends on t, in float64.

struct Scalars {
  stepSize: f32, // learningRate / (1 - beta1^t), times rectification sqrt(1 - beta2^t) where rectified
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  rectified: f32, // 1 or 0
  epsilon: f32,
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let g = gradient + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
  let newM = firstMoment(g, r, p, s);
  let newV = secondMoment(g, r, p, s);
  return parameter - s.stepSize * newM / select(1.0, sqrt(newV) + s.epsilon, s.rectified == 1.0);
}
