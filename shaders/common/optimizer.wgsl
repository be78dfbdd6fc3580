// What every optimizer is linked with, after common/control.wgsl: one dispatch updates the flat arena of all parameters.

override P: u32; // parameters, with the padding between tensors
override matrices: u32; // how many of them, from the front, belong to matrices; the rest are biases
override R: u32 = 1u; // replicas
override workgroupX: u32 = 64u;
override parametersStride: u32 = 0u;
override gradientsStride: u32 = 0u;
override clockStride: u32 = 0u;
override controlStride: u32 = 0u;

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;  // (P) matrices first
@group(0) @binding(1) var<storage, read> gradients: array<f32>;         // (P)
@group(0) @binding(2) var<storage, read> clock: array<u32>;             // (2) see common/clock.wgsl
@group(0) @binding(3) var<storage, read> control: array<f32>;           // (12) see common/control.wgsl

// Parameters that one invocation updates: p, p + n, p + 2n, ... with n invocations, so that neighbours access neighbours.
const UPDATES = 8u;

fn invocations() -> u32 { return (P + UPDATES - 1u) / UPDATES; }

// The row of the table `scalars` (K, R) of the step that is updated.
fn scalarsRow(r: u32) -> u32 { return clock[r * clockStride + 1u] * R + r; }

// A step whose gradient overflowed in half precision changes nothing.
fn isSkipped(r: u32) -> bool { return control[r * controlStride + FACTOR] == 0.0; }

// Whether no step before has updated anything: the clock does not tell, as it counts skipped steps too.
fn isFirstUpdate(r: u32) -> bool { return control[r * controlStride + UPDATED] == 1.0; }

// The clipped gradient of parameter p. A NaN is no larger than the limit, so it stays.
fn gradientAt(r: u32, p: u32) -> f32 {
  let g = gradients[r * gradientsStride + p] * control[r * controlStride + FACTOR];
  let limit = control[r * controlStride + LIMIT];
  return select(g, sign(g) * limit, abs(g) > limit);
}
