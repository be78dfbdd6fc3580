// Adagrad: the gradient divided by the root of the sum of all its squares so far.
//
//   g = grad + weightDecay p      s += g^2
//   p -= learningRate / (1 + (t - 1) learningRateDecay) * g / (sqrt(s) + epsilon)
//
// https://jmlr.org/papers/v12/duchi11a.html, Figure 1. The host computes what depends on t, in float64.

struct Scalars {
  stepSize: f32, // learningRate / (1 + (t - 1) learningRateDecay)
  epsilon: f32,
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

@group(0) @binding(5) var<storage, read_write> sum: array<f32>;         // (P) s, which starts at initialAccumulator

override sumStride: u32 = 0u;

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let g = gradient + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
  let newSum = sum[r * sumStride + p] + g * g;
  sum[r * sumStride + p] = newSum;
  return parameter - s.stepSize * g / (sqrt(newSum) + s.epsilon);
}
