// Fully connected layer and its gradients where I and O are multiples of 4: the products of linear.wgsl with every number
// loaded in fours, as vec4f, straight from the caches. No workgroup memory, no barriers.
//
// Every invocation owns an 8 x 8 tile of its result, as four blocks of 4 x 4. In the shapes, I/4 and O/4 count vec4f.

override B: u32; // examples
override I: u32; // inputs
override O: u32; // outputs
override weightAt: u32 = 0u; // where weightGrad starts in the arena of gradients
override biasAt: u32 = 0u; // where biasGrad starts
override accumulate: u32 = 0u; // 1: add to the gradient, 0: store it
override workgroupX: u32 = 8u;
override workgroupY: u32 = 8u;

override inputStride: u32 = 0u; // elements from one replica to the next, multiples of 128
override weightStride: u32 = 0u;
override biasStride: u32 = 0u;
override preactivationStride: u32 = 0u;
override outputStride: u32 = 0u;
override outputGradStride: u32 = 0u;
override savedStride: u32 = 0u;
override inputGradStride: u32 = 0u;
override gradientsStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> input: array<StoredFour>;                // (B, I/4)
@group(0) @binding(1) var<storage, read> weight: array<StoredFour>;               // (O, I/4)
@group(0) @binding(2) var<storage, read> bias: array<StoredFour>;                 // (O/4)
@group(0) @binding(3) var<storage, read_write> preactivation: array<StoredFour>;  // (B, O/4)
@group(0) @binding(4) var<storage, read_write> output: array<StoredFour>;         // (B, O/4)
@group(0) @binding(5) var<storage, read> outputGrad: array<StoredFour>;           // (B, O/4)
@group(0) @binding(6) var<storage, read> saved: array<StoredFour>;                // (B, I/4)
@group(0) @binding(7) var<storage, read_write> inputGrad: array<StoredFour>;      // (B, I/4)
@group(0) @binding(8) var<storage, read_write> gradients: array<f32>;             // (P) weightGrad (O, I) and biasGrad (O) in it

override I4 = I / 4u;
override O4 = O / 4u;

// Rows start .. start + 3, kept inside: a tile that hangs over the edge computes the last one again.
fn inside(start: u32, size: u32) -> vec4u { return min(vec4u(start) + vec4u(0u, 1u, 2u, 3u), vec4u(size - 1u)); }

fn inputsAt(at: vec4u) -> mat4x4f {
  return mat4x4f(vec4f(input[at.x]), vec4f(input[at.y]), vec4f(input[at.z]), vec4f(input[at.w]));
}
fn weightsAt(at: vec4u) -> mat4x4f {
  return mat4x4f(vec4f(weight[at.x]), vec4f(weight[at.y]), vec4f(weight[at.z]), vec4f(weight[at.w]));
}
fn gradsAt(at: vec4u) -> mat4x4f {
  return mat4x4f(vec4f(outputGrad[at.x]), vec4f(outputGrad[at.y]), vec4f(outputGrad[at.z]), vec4f(outputGrad[at.w]));
}
fn outer(x: vec4f, y: vec4f) -> mat4x4f { return mat4x4f(x.x * y, x.y * y, x.z * y, x.w * y); }

// Four blocks: rows 0..3 and 4..7, columns 0..3 and 4..7. A block's columns, in WGSL's sense, are rows of the result.
struct Tile {
  upperLeft: mat4x4f,
  upperRight: mat4x4f,
  lowerLeft: mat4x4f,
  lowerRight: mat4x4f,
}

// preactivation[b + 0..7, o + 0..7] without bias. With four numbers of each of four rows as a matrix X, and of four weights
// as W, all products of the block are transpose(W) X.
fn products(b: u32, o: u32, r: u32) -> Tile {
  let upper = inside(b, B) * I4 + r * inputStride / 4u;
  let lower = inside(b + 4u, B) * I4 + r * inputStride / 4u;
  let leftmost = inside(o, O) * I4 + r * weightStride / 4u;
  let rightmost = inside(o + 4u, O) * I4 + r * weightStride / 4u;
  var tile: Tile;
  for (var i = 0u; i < I4; i++) {
    let upperInputs = inputsAt(upper + i);
    let lowerInputs = inputsAt(lower + i);
    let leftWeights = transpose(weightsAt(leftmost + i));
    let rightWeights = transpose(weightsAt(rightmost + i));
    tile.upperLeft += leftWeights * upperInputs;
    tile.upperRight += rightWeights * upperInputs;
    tile.lowerLeft += leftWeights * lowerInputs;
    tile.lowerRight += rightWeights * lowerInputs;
  }
  return tile;
}

fn activateFour(z: vec4f) -> vec4f { return vec4f(activate(z.x), activate(z.y), activate(z.z), activate(z.w)); }
fn activateGradFour(z: vec4f) -> vec4f {
  return vec4f(activateGrad(z.x), activateGrad(z.y), activateGrad(z.z), activateGrad(z.w));
}

fn putOutput(block: mat4x4f, b: u32, o: u32, r: u32) {
  if (o >= O || b >= B) { return; }
  var rows = block;
  let biases = vec4f(bias[(r * biasStride + o) / 4u]);
  for (var row = 0u; row < min(4u, B - b); row++) {
    output[(r * outputStride + o) / 4u + (b + row) * O4] = toStoredFour(activateFour(rows[row] + biases));
  }
}

// Each invocation owns output[b + 0..7, o + 0..7].
@compute @workgroup_size(workgroupX, workgroupY)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let o = 8u * id.x;
  let b = 8u * id.y;
  if (o >= O || b >= B) { return; }
  let tile = products(b, o, id.z);
  putOutput(tile.upperLeft, b, o, id.z);
  putOutput(tile.upperRight, b, o + 4u, id.z);
  putOutput(tile.lowerLeft, b + 4u, o, id.z);
  putOutput(tile.lowerRight, b + 4u, o + 4u, id.z);
}

fn putBoth(block: mat4x4f, b: u32, o: u32, r: u32) {
  if (o >= O || b >= B) { return; }
  var rows = block;
  let biases = vec4f(bias[(r * biasStride + o) / 4u]);
  for (var row = 0u; row < min(4u, B - b); row++) {
    let z = rows[row] + biases;
    preactivation[(r * preactivationStride + o) / 4u + (b + row) * O4] = toStoredFour(z);
    output[(r * outputStride + o) / 4u + (b + row) * O4] = toStoredFour(activateFour(z));
  }
}

// As forward, for an activation whose gradient needs its input.
@compute @workgroup_size(workgroupX, workgroupY)
fn forwardSaving(@builtin(global_invocation_id) id: vec3u) {
  let o = 8u * id.x;
  let b = 8u * id.y;
  if (o >= O || b >= B) { return; }
  let tile = products(b, o, id.z);
  putBoth(tile.upperLeft, b, o, id.z);
  putBoth(tile.upperRight, b, o + 4u, id.z);
  putBoth(tile.lowerLeft, b + 4u, o, id.z);
  putBoth(tile.lowerRight, b + 4u, o + 4u, id.z);
}

fn putInputGrad(block: mat4x4f, b: u32, i: u32, r: u32) {
  if (i >= I || b >= B) { return; }
  var rows = block;
  for (var row = 0u; row < min(4u, B - b); row++) {
    let at = (b + row) * I4 + i / 4u;
    var gradient = rows[row] * activateGradFour(vec4f(saved[r * savedStride / 4u + at]));
    let to = r * inputGradStride / 4u + at;
    if (accumulate == 1u) { gradient += vec4f(inputGrad[to]); }
    inputGrad[to] = toStoredFour(gradient);
  }
}

// inputGrad = (outputGrad weight) * activateGrad(saved). Each invocation owns inputGrad[b + 0..7, i + 0..7].
@compute @workgroup_size(workgroupX, workgroupY)
fn backwardInput(@builtin(global_invocation_id) id: vec3u) {
  let i = 8u * id.x;
  let b = 8u * id.y;
  if (i >= I || b >= B) { return; }
  let upper = inside(b, B) * O4 + id.z * outputGradStride / 4u;
  let lower = inside(b + 4u, B) * O4 + id.z * outputGradStride / 4u;
  let leftmost = id.z * weightStride / 4u + i / 4u;
  let rightmost = id.z * weightStride / 4u + min(i / 4u + 1u, I4 - 1u);
  var tile: Tile;
  for (var o = 0u; o < O4; o++) {
    let upperGrads = gradsAt(upper + o);
    let lowerGrads = gradsAt(lower + o);
    let rows = (vec4u(4u * o) + vec4u(0u, 1u, 2u, 3u)) * I4;
    let leftWeights = weightsAt(rows + leftmost);
    let rightWeights = weightsAt(rows + rightmost);
    tile.upperLeft += leftWeights * upperGrads;
    tile.upperRight += rightWeights * upperGrads;
    tile.lowerLeft += leftWeights * lowerGrads;
    tile.lowerRight += rightWeights * lowerGrads;
  }
  putInputGrad(tile.upperLeft, b, i, id.z);
  putInputGrad(tile.upperRight, b, i + 4u, id.z);
  putInputGrad(tile.lowerLeft, b + 4u, i, id.z);
  putInputGrad(tile.lowerRight, b + 4u, i + 4u, id.z);
}

fn putGradient(to: u32, gradient: f32) {
  if (accumulate == 1u) { gradients[to] += gradient; } else { gradients[to] = gradient; }
}

fn putWeightGrad(block: mat4x4f, o: u32, i: u32, r: u32) {
  if (o >= O || i >= I) { return; }
  var rows = block;
  for (var row = 0u; row < 4u; row++) {
    let to = r * gradientsStride + weightAt + (o + row) * I + i;
    for (var column = 0u; column < 4u; column++) { putGradient(to + column, rows[row][column]); }
  }
}

fn putBiasGrad(sums: vec4f, o: u32, r: u32) {
  if (o >= O) { return; }
  for (var row = 0u; row < 4u; row++) { putGradient(r * gradientsStride + biasAt + o + row, sums[row]); }
}

// weightGrad = outputGrad^T input, biasGrad = column sums of outputGrad.
// Each invocation owns weightGrad[o + 0..7, i + 0..7]; those of the first column own biasGrad[o + 0..7] as well.
@compute @workgroup_size(workgroupX, workgroupY)
fn backwardWeight(@builtin(global_invocation_id) id: vec3u) {
  let i = 8u * id.x;
  let o = 8u * id.y;
  if (i >= I || o >= O) { return; }
  let upper = id.z * outputGradStride / 4u + o / 4u;
  let lower = id.z * outputGradStride / 4u + min(o / 4u + 1u, O4 - 1u);
  let leftmost = id.z * inputStride / 4u + i / 4u;
  let rightmost = id.z * inputStride / 4u + min(i / 4u + 1u, I4 - 1u);
  var tile: Tile;
  var upperSums: vec4f;
  var lowerSums: vec4f;
  for (var b = 0u; b < B; b++) {
    let upperGrads = vec4f(outputGrad[upper + b * O4]);
    let lowerGrads = vec4f(outputGrad[lower + b * O4]);
    let leftInputs = vec4f(input[leftmost + b * I4]);
    let rightInputs = vec4f(input[rightmost + b * I4]);
    tile.upperLeft += outer(upperGrads, leftInputs);
    tile.upperRight += outer(upperGrads, rightInputs);
    tile.lowerLeft += outer(lowerGrads, leftInputs);
    tile.lowerRight += outer(lowerGrads, rightInputs);
    upperSums += upperGrads;
    lowerSums += lowerGrads;
  }
  putWeightGrad(tile.upperLeft, o, i, id.z);
  putWeightGrad(tile.upperRight, o, i + 4u, id.z);
  putWeightGrad(tile.lowerLeft, o + 4u, i, id.z);
  putWeightGrad(tile.lowerRight, o + 4u, i + 4u, id.z);
  if (i > 0u) { return; }
  putBiasGrad(upperSums, o, id.z);
  putBiasGrad(lowerSums, o + 4u, id.z);
}
