// Adadelta: steps as long as the recent ones were, relative to the recent gradients.
//
//   g = grad + weightDecay p      v = rho v + (1 - rho) g^2      d = sqrt(a + epsilon) / sqrt(v + epsilon) * g
//   a = rho a + (1 - rho) d^2      p -= learningRate d
//
// https://arxiv.org/abs/1212.5701, Algorithm 1

struct Scalars {
  learningRate: f32,
  rho: f32,
  oneMinusRho: f32,
  epsilon: f32,
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

@group(0) @binding(5) var<storage, read_write> v: array<f32>;           // (P) average of g^2
@group(0) @binding(6) var<storage, read_write> a: array<f32>;           // (P) average of d^2

override vStride: u32 = 0u;
override aStride: u32 = 0u;

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let g = gradient + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
  let newV = s.rho * v[r * vStride + p] + s.oneMinusRho * g * g;
  let oldA = a[r * aStride + p];
  let d = sqrt(oldA + s.epsilon) / sqrt(newV + s.epsilon) * g;
  v[r * vStride + p] = newV;
  a[r * aStride + p] = s.rho * oldA + s.oneMinusRho * d * d;
  return parameter - s.learningRate * d;
}
