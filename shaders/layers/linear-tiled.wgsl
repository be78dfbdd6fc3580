// Fully connected layer and its gradients, for GPUs with fast workgroup memory: the products of linear.wgsl, in tiles whose
// factors a workgroup loads together, DEPTH numbers deep, and reads from workgroup memory.
//
//   workgroup (x, y): a tile of 8y rows and 8x columns      invocation: 8 x 8 of it, as four blocks of 4 x 4 apart
//
// Blocks and sizes as in S. Boehm, "How to Optimize a CUDA Matmul Kernel", https://siboehm.com/articles/22/CUDA-MMM. Any
// size fits: what hangs over an edge is 0.

override B: u32; // examples
override I: u32; // inputs
override O: u32; // outputs
override weightAt: u32 = 0u; // where weightGrad starts in the arena of gradients
override biasAt: u32 = 0u; // where biasGrad starts
override accumulate: u32 = 0u; // 1: add to the gradient, 0: store it
override workgroupX: u32 = 16u;
override workgroupY: u32 = 16u;

override inputStride: u32 = 0u; // elements from one replica to the next
override weightStride: u32 = 0u;
override biasStride: u32 = 0u;
override preactivationStride: u32 = 0u;
override outputStride: u32 = 0u;
override outputGradStride: u32 = 0u;
override savedStride: u32 = 0u;
override inputGradStride: u32 = 0u;
override gradientsStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> input: array<Stored>;                // (B, I)
@group(0) @binding(1) var<storage, read> weight: array<Stored>;               // (O, I)
@group(0) @binding(2) var<storage, read> bias: array<Stored>;                 // (O)
@group(0) @binding(3) var<storage, read_write> preactivation: array<Stored>;  // (B, O)
@group(0) @binding(4) var<storage, read_write> output: array<Stored>;         // (B, O)
@group(0) @binding(5) var<storage, read> outputGrad: array<Stored>;           // (B, O)
@group(0) @binding(6) var<storage, read> saved: array<Stored>;                // (B, I)
@group(0) @binding(7) var<storage, read_write> inputGrad: array<Stored>;      // (B, I)
@group(0) @binding(8) var<storage, read_write> gradients: array<f32>;         // (P) weightGrad (O, I) and biasGrad (O) in it

const DEPTH = 16u;
override tileRows = 8u * workgroupY;
override tileColumns = 8u * workgroupX;
// Four more than the tile, so that a column of it does not lie in one bank.
override leftStride = tileRows + 4u;
override rightStride = tileColumns + 4u;

var<workgroup> left: array<f32, DEPTH * leftStride>;    // (DEPTH, rows)
var<workgroup> right: array<f32, DEPTH * rightStride>;  // (DEPTH, columns)

// Four blocks of 4 x 4: upper and lower rows, left and right columns.
struct Tile {
  upperLeft: mat4x4f,
  upperRight: mat4x4f,
  lowerLeft: mat4x4f,
  lowerRight: mat4x4f,
}

// The tile's first row and column, this invocation in it, and its number in the workgroup.
struct Place {
  row: u32,
  column: u32,
  local: vec2u,
  index: u32,
}

fn placeOf(workgroup: vec3u, local: vec3u) -> Place {
  return Place(tileRows * workgroup.y, tileColumns * workgroup.x, local.xy, local.y * workgroupX + local.x);
}

fn outer(x: vec4f, y: vec4f) -> mat4x4f { return mat4x4f(x.x * y, x.y * y, x.z * y, x.w * y); }

fn leftAt(at: u32) -> vec4f { return vec4f(left[at], left[at + 1u], left[at + 2u], left[at + 3u]); }
fn rightAt(at: u32) -> vec4f { return vec4f(right[at], right[at + 1u], right[at + 2u], right[at + 3u]); }

// Adds the products of what is in workgroup memory. Waits until all have loaded it, and until all have read it.
fn addProducts(tile: ptr<function, Tile>, local: vec2u) {
  workgroupBarrier();
  for (var k = 0u; k < DEPTH; k++) {
    let upper = leftAt(k * leftStride + 4u * local.y);
    let lower = leftAt(k * leftStride + tileRows / 2u + 4u * local.y);
    let leftmost = rightAt(k * rightStride + 4u * local.x);
    let rightmost = rightAt(k * rightStride + tileColumns / 2u + 4u * local.x);
    (*tile).upperLeft += outer(upper, leftmost);
    (*tile).upperRight += outer(upper, rightmost);
    (*tile).lowerLeft += outer(lower, leftmost);
    (*tile).lowerRight += outer(lower, rightmost);
  }
  workgroupBarrier();
}

// The invocation's four blocks as rows of four, to be taken by number, and where row n of them lies.
fn rowsOf(t: Tile) -> array<vec4f, 16> {
  return array(
    t.upperLeft[0], t.upperLeft[1], t.upperLeft[2], t.upperLeft[3],
    t.upperRight[0], t.upperRight[1], t.upperRight[2], t.upperRight[3],
    t.lowerLeft[0], t.lowerLeft[1], t.lowerLeft[2], t.lowerLeft[3],
    t.lowerRight[0], t.lowerRight[1], t.lowerRight[2], t.lowerRight[3],
  );
}
fn rowAt(place: Place, n: u32) -> u32 { return place.row + (n / 8u) * (tileRows / 2u) + 4u * place.local.y + n % 4u; }
fn columnAt(place: Place, n: u32) -> u32 {
  return place.column + (n / 4u % 2u) * (tileColumns / 2u) + 4u * place.local.x;
}

fn affine(place: Place, r: u32) -> Tile {
  var tile: Tile;
  let invocations = workgroupX * workgroupY;
  for (var start = 0u; start < I; start += DEPTH) {
    for (var n = place.index; n < DEPTH * tileRows; n += invocations) {
      let i = start + n % DEPTH;
      let b = place.row + n / DEPTH;
      let x = f32(input[r * inputStride + min(b, B - 1u) * I + min(i, I - 1u)]);
      left[(n % DEPTH) * leftStride + n / DEPTH] = select(0.0, x, b < B && i < I);
    }
    for (var n = place.index; n < DEPTH * tileColumns; n += invocations) {
      let i = start + n % DEPTH;
      let o = place.column + n / DEPTH;
      let w = f32(weight[r * weightStride + min(o, O - 1u) * I + min(i, I - 1u)]);
      right[(n % DEPTH) * rightStride + n / DEPTH] = select(0.0, w, o < O && i < I);
    }
    addProducts(&tile, place.local);
  }
  return tile;
}

// Each workgroup owns a tile of output.
@compute @workgroup_size(workgroupX, workgroupY)
fn forward(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let place = placeOf(workgroup, local);
  var rows = rowsOf(affine(place, workgroup.z));
  for (var n = 0u; n < 16u; n++) {
    let b = rowAt(place, n);
    for (var c = 0u; c < 4u; c++) {
      let o = columnAt(place, n) + c;
      if (b < B && o < O) {
        let z = rows[n][c] + f32(bias[workgroup.z * biasStride + o]);
        output[workgroup.z * outputStride + b * O + o] = toStored(activate(z));
      }
    }
  }
}

// As forward, for an activation whose gradient needs its input.
@compute @workgroup_size(workgroupX, workgroupY)
fn forwardSaving(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let place = placeOf(workgroup, local);
  var rows = rowsOf(affine(place, workgroup.z));
  for (var n = 0u; n < 16u; n++) {
    let b = rowAt(place, n);
    for (var c = 0u; c < 4u; c++) {
      let o = columnAt(place, n) + c;
      if (b < B && o < O) {
        let z = rows[n][c] + f32(bias[workgroup.z * biasStride + o]);
        preactivation[workgroup.z * preactivationStride + b * O + o] = toStored(z);
        output[workgroup.z * outputStride + b * O + o] = toStored(activate(z));
      }
    }
  }
}

// inputGrad = (outputGrad weight) * activateGrad(saved). Each workgroup owns a tile of inputGrad.
@compute @workgroup_size(workgroupX, workgroupY)
fn backwardInput(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let place = placeOf(workgroup, local);
  let r = workgroup.z;
  let invocations = workgroupX * workgroupY;
  var tile: Tile;
  for (var start = 0u; start < O; start += DEPTH) {
    for (var n = place.index; n < DEPTH * tileRows; n += invocations) {
      let o = start + n % DEPTH;
      let b = place.row + n / DEPTH;
      let grad = f32(outputGrad[r * outputGradStride + min(b, B - 1u) * O + min(o, O - 1u)]);
      left[(n % DEPTH) * leftStride + n / DEPTH] = select(0.0, grad, b < B && o < O);
    }
    for (var n = place.index; n < DEPTH * tileColumns; n += invocations) {
      let o = start + n / tileColumns;
      let i = place.column + n % tileColumns;
      let w = f32(weight[r * weightStride + min(o, O - 1u) * I + min(i, I - 1u)]);
      right[(n / tileColumns) * rightStride + n % tileColumns] = select(0.0, w, o < O && i < I);
    }
    addProducts(&tile, place.local);
  }
  var rows = rowsOf(tile);
  for (var n = 0u; n < 16u; n++) {
    let b = rowAt(place, n);
    for (var c = 0u; c < 4u; c++) {
      let i = columnAt(place, n) + c;
      if (b >= B || i >= I) { continue; }
      let at = b * I + i;
      var gradient = rows[n][c] * activateGrad(f32(saved[r * savedStride + at]));
      let to = r * inputGradStride + at;
      if (accumulate == 1u) { gradient += f32(inputGrad[to]); }
      inputGrad[to] = toStored(gradient);
    }
  }
}

fn putGradient(to: u32, gradient: f32) {
  if (accumulate == 1u) { gradients[to] += gradient; } else { gradients[to] = gradient; }
}

// weightGrad = outputGrad^T input, biasGrad = column sums of outputGrad. Each workgroup owns a tile of weightGrad; those of
// the first column own biasGrad of their rows as well, one row per invocation.
@compute @workgroup_size(workgroupX, workgroupY)
fn backwardWeight(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let place = placeOf(workgroup, local);
  let r = workgroup.z;
  let invocations = workgroupX * workgroupY;
  var tile: Tile;
  for (var start = 0u; start < B; start += DEPTH) {
    for (var n = place.index; n < DEPTH * tileRows; n += invocations) {
      let b = start + n / tileRows;
      let o = place.row + n % tileRows;
      let grad = f32(outputGrad[r * outputGradStride + min(b, B - 1u) * O + min(o, O - 1u)]);
      left[(n / tileRows) * leftStride + n % tileRows] = select(0.0, grad, b < B && o < O);
    }
    for (var n = place.index; n < DEPTH * tileColumns; n += invocations) {
      let b = start + n / tileColumns;
      let i = place.column + n % tileColumns;
      let x = f32(input[r * inputStride + min(b, B - 1u) * I + min(i, I - 1u)]);
      right[(n / tileColumns) * rightStride + n % tileColumns] = select(0.0, x, b < B && i < I);
    }
    addProducts(&tile, place.local);
  }
  var rows = rowsOf(tile);
  for (var n = 0u; n < 16u; n++) {
    let o = rowAt(place, n);
    for (var c = 0u; c < 4u; c++) {
      let i = columnAt(place, n) + c;
      if (o < O && i < I) { putGradient(r * gradientsStride + weightAt + o * I + i, rows[n][c]); }
    }
  }
  if (workgroup.x > 0u) { return; }
  for (var n = place.index; n < tileRows; n += invocations) {
    let o = place.row + n;
    if (o >= O) { continue; }
    var sum = 0.0;
    for (var b = 0u; b < B; b++) { sum += f32(outputGrad[r * outputGradStride + b * O + o]); }
    putGradient(r * gradientsStride + biasAt + o, sum);
  }
}
