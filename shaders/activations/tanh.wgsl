// y = tanh(x), y' = 1 - y^2
fn activate(x: f32) -> f32 { return tanhAccurate(x); }
fn activateGrad(y: f32) -> f32 { return 1.0 - y * y; }
