// Shampoo: a matrix W (rows, columns) with gradient G is stepped along its gradient, whitened from both sides.
//
//   L += G G^T      R += G^T G      W -= learningRate L^(-1/4) G R^(-1/4)
//
// and a vector like Adagrad's diagonal case: h += g^2, p -= learningRate g / sqrt(h).
// https://arxiv.org/abs/1802.09568, Algorithm 1. L, R and h start at epsilon (times the identity). The products are
// those of common/matmul-exact.wgsl, the roots those of shampoo-root.wgsl. Here parameters and gradients are one matrix,
// or the arena of all parameters.

struct Scalars {
  learningRate: f32,
  epsilon: f32,
  isDue: f32, // 1 where the roots are computed anew, as they also are at the first update
  grafts: f32, // 1 where a matrix's step gets the norm of its gradient
}

override rows: u32;
override columns: u32;
override workgroupY: u32 = 8u;

override hStride: u32 = 0u;
override straightStride: u32 = 0u;
override flippedStride: u32 = 0u;
override gateStride: u32 = 0u;
override stepStride: u32 = 0u;
override stepNormStride: u32 = 0u;
override gradientNormStride: u32 = 0u;

@group(0) @binding(4) var<storage, read> scalars: array<Scalars>;         // (K, R)
@group(0) @binding(5) var<storage, read_write> h: array<f32>;             // (P - matrices) sum of squares
@group(0) @binding(6) var<storage, read_write> straight: array<f32>;      // (2, rows, columns) G as pairs
@group(0) @binding(7) var<storage, read_write> flipped: array<f32>;       // (2, columns, rows) G^T as pairs
@group(0) @binding(8) var<storage, read_write> gate: array<f32>;          // (8) 0 first: the step is skipped
@group(0) @binding(9) var<storage, read> step: array<f32>;                // (2, rows, columns) L^(-1/4) G R^(-1/4)
@group(0) @binding(10) var<storage, read> stepNorm: array<f32>;           // (1)
@group(0) @binding(11) var<storage, read> gradientNorm: array<f32>;       // (1)

// Vectors. Each invocation owns up to eight parameters p.
@compute @workgroup_size(workgroupX)
fn update(@builtin(global_invocation_id) id: vec3u) {
  let owners = (P - matrices + UPDATES - 1u) / UPDATES;
  if (id.x >= owners || isSkipped(id.z)) { return; }
  let s = scalars[scalarsRow(id.z)];
  for (var p = matrices + id.x; p < P; p += owners) {
    let g = gradientAt(id.z, p);
    let at = id.z * hStride + p - matrices;
    let newH = h[at] + g * g;
    h[at] = newH;
    parameters[id.z * parametersStride + p] -= s.learningRate * g / sqrt(newH);
  }
}

// The clipped gradient as pairs, and its transpose. Each invocation owns G[row, column].
@compute @workgroup_size(workgroupX, workgroupY)
fn copyGradient(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y;
  if (column >= columns || row >= rows) { return; }
  let at = row * columns + column;
  let g = gradientAt(id.z, at);
  let plane = rows * columns;
  straight[id.z * straightStride + at] = g;
  straight[id.z * straightStride + plane + at] = 0.0;
  flipped[id.z * flippedStride + column * rows + row] = g;
  flipped[id.z * flippedStride + plane + column * rows + row] = 0.0;
  if (at == 0u) {
    gate[id.z * gateStride] = select(1.0, 0.0, isSkipped(id.z));
    gate[id.z * gateStride + 7u] = 0.0;
  }
}

// Each invocation owns W[row, column].
@compute @workgroup_size(workgroupX, workgroupY)
fn applyStep(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= columns || id.y >= rows || isSkipped(id.z)) { return; }
  let s = scalars[scalarsRow(id.z)];
  let at = id.y * columns + id.x;
  let length = stepNorm[id.z * stepNormStride];
  var rate = s.learningRate;
  if (s.grafts == 1.0 && length > 0.0) { rate *= gradientNorm[id.z * gradientNormStride] / length; }
  parameters[id.z * parametersStride + at] -= rate * step[id.z * stepStride + at];
}
