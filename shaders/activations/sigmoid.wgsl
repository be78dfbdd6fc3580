// y = 1 / (1 + exp(-x)), y' = y (1 - y)
fn activate(x: f32) -> f32 { return sigmoid(x); }
fn activateGrad(y: f32) -> f32 { return y * (1.0 - y); }
