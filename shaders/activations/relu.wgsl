// y = max(x, 0), written so that a NaN goes through: max(NaN, 0) may be 0
fn activate(x: f32) -> f32 { return select(x, 0.0, x < 0.0); }
fn activateGrad(y: f32) -> f32 { return select(0.0, 1.0, y > 0.0); }
