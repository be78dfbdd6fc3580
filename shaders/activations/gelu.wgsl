// y = x Phi(x), the exact GELU of PyTorch; y' = Phi(x) + x phi(x), with the normal distribution's Phi and phi
// https://arxiv.org/abs/1606.08415
const inverseRootTwo = 0.70710678;
const inverseRootTwoPi = 0.39894228;

fn activate(x: f32) -> f32 { return 0.5 * x * erfc(-x * inverseRootTwo); }
fn activateGrad(x: f32) -> f32 {
  return 0.5 * erfc(-x * inverseRootTwo) + x * inverseRootTwoPi * exp(-0.5 * x * x);
}
