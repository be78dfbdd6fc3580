// RMSprop: the gradient divided by the root of an average of its square, or of its variance where centered.
//
//   g = grad + weightDecay p      v = alpha v + (1 - alpha) g^2      mean = alpha mean + (1 - alpha) g
//   b = momentum b + g / (sqrt(v - mean^2 if centered, else v) + epsilon)      p -= learningRate b
//
// https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf, slide 29; centered: section 4.2 of
// https://arxiv.org/abs/1308.0850; momentum: https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html

struct Scalars {
  learningRate: f32,
  alpha: f32,
  oneMinusAlpha: f32,
  epsilon: f32,
  momentum: f32,
  centered: f32, // 1 or 0
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

@group(0) @binding(5) var<storage, read_write> v: array<f32>;           // (P) average of g^2
@group(0) @binding(6) var<storage, read_write> momentum: array<f32>;    // (P)
@group(0) @binding(7) var<storage, read_write> mean: array<f32>;        // (P) average of g; (1) unless centered

override vStride: u32 = 0u;
override momentumStride: u32 = 0u;
override meanStride: u32 = 0u;

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let g = gradient + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
  var spread = s.alpha * v[r * vStride + p] + s.oneMinusAlpha * g * g;
  v[r * vStride + p] = spread;
  if (s.centered == 1.0) {
    let newMean = s.alpha * mean[r * meanStride + p] + s.oneMinusAlpha * g;
    mean[r * meanStride + p] = newMean;
    spread = max(spread - newMean * newMean, 0.0); // a variance, which rounding alone makes negative
  }
  let b = s.momentum * momentum[r * momentumStride + p] + g / (sqrt(spread) + s.epsilon);
  momentum[r * momentumStride + p] = b;
  return parameter - s.learningRate * b;
}
