// NAdam: Adam with Nesterov's momentum, whose share mu grows over the steps. Linked with moments.wgsl.
//
//   g = grad + weightDecay p      m, v: see moments.wgsl      mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2)
//   p -= learningRate ((1 - mu_t) g / (1 - mu_1 .. mu_t) + mu_(t+1) m / (1 - mu_1 .. mu_(t+1)))
//        / (sqrt(v / (1 - beta2^t)) + epsilon)
//
// https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ, section 2. The host computes what depends on t, in float64.

struct Scalars {
  gradientStep: f32, // learningRate (1 - mu_t) / (1 - mu_1 .. mu_t)
  momentStep: f32, // learningRate mu_(t+1) / (1 - mu_1 .. mu_(t+1))
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  inverseRootBias2: f32, // 1 / sqrt(1 - beta2^t)
  epsilon: f32,
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let g = gradient + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
  let newM = firstMoment(g, r, p, s);
  let newV = secondMoment(g, r, p, s);
  return parameter - (s.gradientStep * g + s.momentStep * newM) / (sqrt(newV) * s.inverseRootBias2 + s.epsilon);
}
