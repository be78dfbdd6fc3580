// Adam with L2 weight decay: the decay is part of the gradient.
//
//   g = grad + weightDecay p      m = beta1 m + (1 - beta1) g      v = beta2 v + (1 - beta2) g^2
//   p -= learningRate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
//
// https://arxiv.org/abs/1412.6980, Algorithm 1. The host computes what depends on t, in float64.

struct Scalars {
  stepSize: f32, // learningRate / (1 - beta1^t)
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  inverseRootBias2: f32, // 1 / sqrt(1 - beta2^t)
  epsilon: f32,
  weightDecay: f32,
  vectorDecay: f32, // of biases
}

@group(0) @binding(0) var<storage, read_write> parameters: array<f32>;  // (P) matrices first
@group(0) @binding(1) var<storage, read> gradients: array<f32>;         // (P)
@group(0) @binding(2) var<storage, read_write> m: array<f32>;           // (P) first moment
@group(0) @binding(3) var<storage, read_write> v: array<f32>;           // (P) second moment
@group(0) @binding(4) var<storage, read> clock: array<u32>;             // (2) see common/clock.wgsl
@group(0) @binding(5) var<storage, read> scalars: array<Scalars>;       // (K, R)

override mStride: u32 = 0u;
override vStride: u32 = 0u;

// Each invocation owns up to eight parameters p.
@compute @workgroup_size(workgroupX)
fn update(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= invocations()) { return; }
  let s = scalars[clock[id.z * clockStride + 1u] * R + id.z];
  for (var p = id.x; p < P; p += invocations()) {
    let parameter = parameters[id.z * parametersStride + p];

    let g = gradients[id.z * gradientsStride + p] + select(s.vectorDecay, s.weightDecay, p < matrices) * parameter;
    let newM = s.beta1 * m[id.z * mStride + p] + s.oneMinusBeta1 * g;
    let newV = s.beta2 * v[id.z * vStride + p] + s.oneMinusBeta2 * g * g;

    m[id.z * mStride + p] = newM;
    v[id.z * vStride + p] = newV;
    parameters[id.z * parametersStride + p] =
      parameter - s.stepSize * newM / (sqrt(newV) * s.inverseRootBias2 + s.epsilon);
  }
}
