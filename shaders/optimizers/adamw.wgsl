// AdamW: Adam with decoupled weight decay, which shrinks the parameter and leaves the moments alone. Linked with
// moments.wgsl.
//
//   p = p - learningRate weightDecay p      g = grad      m, v: see moments.wgsl
//   p -= learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
//
// https://arxiv.org/abs/1711.05101, Algorithm 2. The host computes what depends on t, in float64.

struct Scalars {
  stepSize: f32, // learningRate / (1 - beta1^t)
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  inverseRootBias2: f32, // 1 / sqrt(1 - beta2^t)
  epsilon: f32,
  shrink: f32, // learningRate weightDecay
  vectorShrink: f32, // the same for biases
}

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let newM = firstMoment(gradient, r, p, s);
  let newV = secondMoment(gradient, r, p, s);
  return parameter - select(s.vectorShrink, s.shrink, p < matrices) * parameter
    - s.stepSize * newM / (sqrt(newV) * s.inverseRootBias2 + s.epsilon);
}
