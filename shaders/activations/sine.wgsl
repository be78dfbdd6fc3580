// y = sin(x), y' = cos(x); the argument is reduced to [-pi, pi], outside of which WGSL promises no accuracy
// https://arxiv.org/abs/2006.09661
fn activate(x: f32) -> f32 { return sinAccurate(x); }
fn activateGrad(x: f32) -> f32 { return cosAccurate(x); }
