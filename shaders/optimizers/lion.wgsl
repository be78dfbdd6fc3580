// Lion: every parameter takes a step of one length, in the direction of an average of gradients.
//
//   c = sign(beta1 m + (1 - beta1) g), sign(0) = 0      p -= learningRate (c + weightDecay p)
//   m = beta2 m + (1 - beta2) g
//
// https://arxiv.org/abs/2302.06675, Program 1

struct Scalars {
  learningRate: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  shrink: f32, // learningRate weightDecay
  vectorShrink: f32, // the same for biases
}

@group(0) @binding(5) var<storage, read_write> m: array<f32>;           // (P) average of gradients

override mStride: u32 = 0u;

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let oldM = m[r * mStride + p];
  m[r * mStride + p] = s.beta2 * oldM + s.oneMinusBeta2 * gradient;
  let direction = sign(s.beta1 * oldM + s.oneMinusBeta1 * gradient);
  return parameter - select(s.vectorShrink, s.shrink, p < matrices) * parameter - s.learningRate * direction;
}
