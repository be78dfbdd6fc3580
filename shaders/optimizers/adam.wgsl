// Adam with L2 weight decay: the decay is part of the gradient. Linked with moments.wgsl.
//
//   g = grad + weightDecay p      m, v: see moments.wgsl      w = max(w, v) if amsgrad, else v
//   p -= learningRate / (1 - beta1^t) * m / (sqrt(w) / sqrt(1 - beta2^t) + epsilon)
//
// https://arxiv.org/abs/1412.6980, Algorithm 1; AMSGrad: https://arxiv.org/abs/1904.09237, Algorithm 2, with PyTorch's
// corrections of both moments. The host computes what depends on t, in float64.

struct Scalars {
  stepSize: f32, // learningRate / (1 - beta1^t)
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  inverseRootBias2: f32, // 1 / sqrt(1 - beta2^t)
  epsilon: f32,
  amsgrad: f32, // 1 or 0
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

@group(0) @binding(7) var<storage, read_write> w: array<f32>;           // (P) largest v; (1) without AMSGrad

override wStride: u32 = 0u;

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let g = gradient + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
  let newM = firstMoment(g, r, p, s);
  var newW = secondMoment(g, r, p, s);
  if (s.amsgrad == 1.0) {
    newW = max(w[r * wStride + p], newW);
    w[r * wStride + p] = newW;
  }
  return parameter - s.stepSize * newM / (sqrt(newW) * s.inverseRootBias2 + s.epsilon);
}
