// How weights, activations and gradients lie in memory: as float32.

alias Stored = f32;
alias StoredFour = vec4f;

fn toStored(x: f32) -> f32 { return x; }
fn toStoredFour(x: vec4f) -> vec4f { return x; }
