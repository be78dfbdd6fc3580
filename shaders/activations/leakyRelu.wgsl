// y = x for x >= 0, otherwise 0.01 x; x and y have one sign, so the gradient follows from y
const negativeSlope = 0.01;

fn activate(x: f32) -> f32 { return select(x, negativeSlope * x, x < 0.0); }
fn activateGrad(y: f32) -> f32 { return select(negativeSlope, 1.0, y > 0.0); }
