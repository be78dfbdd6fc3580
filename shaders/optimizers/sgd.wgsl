// Stochastic gradient descent with momentum, dampening, Nesterov's form and weight decay.
//
//   g = grad + weightDecay p      b = momentum b + keep g      u = g + momentum b if nesterov, else b      p -= learningRate u
//
// https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html. The host makes `keep` = 1 - dampening, but 1 at the
// first step and without momentum.

struct Scalars {
  learningRate: f32,
  momentum: f32,
  keep: f32,
  nesterov: f32, // 1 or 0
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;  // (P) matrices first
@group(0) @binding(1) var<storage, read> gradients: array<f32>;         // (P)
@group(0) @binding(2) var<storage, read_write> momentum: array<f32>;    // (P)
@group(0) @binding(3) var<storage, read> clock: array<u32>;             // (2) see common/clock.wgsl
@group(0) @binding(4) var<storage, read> scalars: array<Scalars>;       // (K, R)

override momentumStride: u32 = 0u;

// Each invocation owns up to eight parameters p.
@compute @workgroup_size(workgroupX)
fn update(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= invocations()) { return; }
  let s = scalars[clock[id.z * clockStride + 1u] * R + id.z];
  for (var p = id.x; p < P; p += invocations()) {
    let parameter = parameters[id.z * parametersStride + p];

    let g = gradients[id.z * gradientsStride + p] + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
    let b = s.momentum * momentum[id.z * momentumStride + p] + s.keep * g;
    let u = select(b, g + s.momentum * b, s.nesterov == 1.0);

    momentum[id.z * momentumStride + p] = b;
    parameters[id.z * parametersStride + p] = parameter - s.learningRate * u;
  }
}
