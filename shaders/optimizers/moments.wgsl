// Adam's two moments of each parameter, for the optimizers that keep both.
//
//   m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2
//
// https://arxiv.org/abs/1412.6980, Algorithm 1

@group(0) @binding(5) var<storage, read_write> m: array<f32>;           // (P) first moment
@group(0) @binding(6) var<storage, read_write> v: array<f32>;           // (P) second moment

override mStride: u32 = 0u;
override vStride: u32 = 0u;

fn firstMoment(g: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let newM = s.beta1 * m[r * mStride + p] + s.oneMinusBeta1 * g;
  m[r * mStride + p] = newM;
  return newM;
}

fn secondMoment(g: f32, r: u32, p: u32, s: Scalars) -> f32 {
  let newV = s.beta2 * v[r * vStride + p] + s.oneMinusBeta2 * g * g;
  v[r * vStride + p] = newV;
  return newV;
}
