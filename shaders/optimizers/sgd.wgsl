// Stochastic gradient descent with momentum, dampening, Nesterov's form and weight decay.
//
//   g = grad + weightDecay p      b = momentum b + keep g, where keep is 1 at the first update
//   u = g + momentum b if nesterov, else b      p -= learningRate u
//
// https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html. b starts at 0.

struct Scalars {
  learningRate: f32,
  momentum: f32,
  keep: f32, // 1 - dampening; 1 without momentum
  nesterov: f32, // 1 or 0
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

@group(0) @binding(5) var<storage, read_write> momentum: array<f32>;    // (P)

override momentumStride: u32 = 0u;

fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let g = gradient + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
  let keep = select(s.keep, 1.0, isFirstUpdate(r));
  let b = s.momentum * momentum[r * momentumStride + p] + keep * g;
  momentum[r * momentumStride + p] = b;
  let u = select(b, g + s.momentum * b, s.nesterov == 1.0);
  return parameter - s.learningRate * u;
}
