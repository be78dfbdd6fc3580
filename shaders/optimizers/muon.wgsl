// Muon: the momentum of a hidden weight matrix (rows, columns) is made orthogonal before the step.
//
//   m = momentum m + (1 - momentum) g      u = (1 - momentum) g + momentum m where Nesterov, else m
//   X = u / (|u| + epsilon)                repeat:  S = X X^T,  X = a X + (b S + c S S) X
//   W -= learningRate weightDecay W        W -= learningRate sqrt(max(1, rows / columns)) X
//
// https://kellerjordan.github.io/posts/muon/. X is transposed where rows > columns, so that S is small. The products
// are those of common/matmul.wgsl. All other parameters take AdamW, see adamw.wgsl, from `update`. Here parameters and
// gradients are one matrix, or the arena of all parameters.

struct Scalars {
  stepSize: f32, // of AdamW: adamwLearningRate / (1 - beta1^t)
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  inverseRootBias2: f32, // 1 / sqrt(1 - beta2^t)
  adamwEpsilon: f32,
  adamwShrink: f32, // adamwLearningRate adamwWeightDecay
  vectorShrink: f32, // the same for biases
  learningRate: f32, // of Muon, from here on
  momentum: f32,
  oneMinusMomentum: f32,
  nesterov: f32,
  epsilon: f32,
  shrink: f32, // learningRate weightDecay
  a: f32,
  b: f32,
  c: f32,
}

override start: u32 = 0u; // AdamW's parameters: the first, how many, and where their moments start
override count: u32 = 0u;
override momentsAt: u32 = 0u;
override rows: u32;
override columns: u32;
override workgroupY: u32 = 8u;
override mStride: u32 = 0u;
override vStride: u32 = 0u;
override momentumStride: u32 = 0u;
override xStride: u32 = 0u;
override normStride: u32 = 0u;

@group(0) @binding(4) var<storage, read> scalars: array<Scalars>;         // (K, R)
@group(0) @binding(5) var<storage, read_write> m: array<f32>;             // first moment of all that take AdamW
@group(0) @binding(6) var<storage, read_write> v: array<f32>;             // second moment
@group(0) @binding(7) var<storage, read_write> momentum: array<f32>;      // (rows, columns)
@group(0) @binding(8) var<storage, read_write> x: array<f32>;             // (rows, columns), or (columns, rows)
@group(0) @binding(9) var<storage, read> norm: array<f32>;                // (1) of u

// AdamW. Each invocation owns up to eight parameters p.
@compute @workgroup_size(workgroupX)
fn update(@builtin(global_invocation_id) id: vec3u) {
  let owners = (count + UPDATES - 1u) / UPDATES;
  if (id.x >= owners || isSkipped(id.z)) { return; }
  let s = scalars[scalarsRow(id.z)];
  for (var i = id.x; i < count; i += owners) {
    let p = start + i;
    let place = id.z * parametersStride + p;
    let mAt = id.z * mStride + momentsAt + i;
    let vAt = id.z * vStride + momentsAt + i;
    let g = gradientAt(id.z, p);
    let newM = s.beta1 * m[mAt] + s.oneMinusBeta1 * g;
    let newV = s.beta2 * v[vAt] + s.oneMinusBeta2 * g * g;
    m[mAt] = newM;
    v[vAt] = newV;
    parameters[place] = parameters[place] - select(s.vectorShrink, s.adamwShrink, p < matrices) * parameters[place]
      - s.stepSize * newM / (sqrt(newV) * s.inverseRootBias2 + s.adamwEpsilon);
  }
}

// Where element (row, column) of the matrix lies in X.
fn placeInX(row: u32, column: u32) -> u32 {
  return select(row * columns + column, column * rows + row, rows > columns);
}

// The momentum, and X = u. Each invocation owns one element.
@compute @workgroup_size(workgroupX, workgroupY)
fn average(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= columns || id.y >= rows || isSkipped(id.z)) { return; }
  let s = scalars[scalarsRow(id.z)];
  let at = id.y * columns + id.x;
  let g = gradientAt(id.z, at);
  let newMomentum = s.momentum * momentum[id.z * momentumStride + at] + s.oneMinusMomentum * g;
  momentum[id.z * momentumStride + at] = newMomentum;
  let ahead = s.oneMinusMomentum * g + s.momentum * newMomentum;
  x[id.z * xStride + placeInX(id.y, id.x)] = select(newMomentum, ahead, s.nesterov == 1.0);
}

// X = u / (|u| + epsilon). Each invocation owns one element.
@compute @workgroup_size(workgroupX, workgroupY)
fn normalize(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= columns || id.y >= rows) { return; }
  let s = scalars[scalarsRow(id.z)];
  let at = id.z * xStride + id.y * columns + id.x;
  x[at] = x[at] / (norm[id.z * normStride] + s.epsilon);
}

// Each invocation owns W[row, column].
@compute @workgroup_size(workgroupX, workgroupY)
fn applyStep(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= columns || id.y >= rows || isSkipped(id.z)) { return; }
  let s = scalars[scalarsRow(id.z)];
  let place = id.z * parametersStride + id.y * columns + id.x;
  let rate = s.learningRate * sqrt(max(1.0, f32(rows) / f32(columns)));
  let parameter = parameters[place] - s.shrink * parameters[place];
  parameters[place] = parameter - rate * x[id.z * xStride + placeInX(id.y, id.x)];
}
