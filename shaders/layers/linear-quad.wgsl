// Fully connected layer and its gradients, for adapters with subgroups: the products of linear.wgsl, with four invocations
// (a quad) working on one 16 x 16 tile, so that none of them loads a number twice.
//
//   rows 4j + q of the left factor and columns 4c + q of the right one are loaded by lane q of the quad;
//   lane q owns columns 4c + q of the tile, and gets the rows of its neighbours by quadBroadcast(). No barriers.
//
// Loops are not unrolled by hand: it would save a tenth of the time of a large product where software simulates the GPU,
// and take twice the time to compile, which is most of the wait for the first step there. A workgroup is one-dimensional,
// so that quads are runs of four invocations.

enable subgroups;

override B: u32; // examples
override I: u32; // inputs
override O: u32; // outputs
override weightAt: u32 = 0u; // where weightGrad starts in the arena of gradients
override biasAt: u32 = 0u; // where biasGrad starts
override accumulate: u32 = 0u; // 1: add to the gradient, 0: store it
override workgroupX: u32 = 64u;

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

// The quad's tile: its first row and column, and this invocation's lane.
struct Place {
  row: u32,
  column: u32,
  lane: u32,
}

// Tiles lie in rows, `columns` wide, one after another; those behind the last row are clamped, and store nothing.
fn placeOf(index: u32, columns: u32) -> Place {
  let across = (columns + 15u) / 16u;
  let tile = index / 4u;
  return Place(16u * (tile / across), 16u * (tile % across), index % 4u);
}

// Four rows or columns of this lane, kept inside.
fn lanes(start: u32, lane: u32, size: u32) -> vec4u {
  return min(vec4u(start + lane) + vec4u(0u, 4u, 8u, 12u), vec4u(size - 1u));
}

// What one invocation owns: 16 rows of 4 columns.
struct Tile {
  rows0: mat4x4f,
  rows4: mat4x4f,
  rows8: mat4x4f,
  rows12: mat4x4f,
}

// Four rows, one from each lane of the quad, times this lane's columns.
fn outer(x: f32, y: vec4f) -> mat4x4f {
  return mat4x4f(quadBroadcast(x, 0u) * y, quadBroadcast(x, 1u) * y, quadBroadcast(x, 2u) * y, quadBroadcast(x, 3u) * y);
}

fn addOuter(tile: ptr<function, Tile>, x: vec4f, y: vec4f) {
  (*tile).rows0 += outer(x.x, y);
  (*tile).rows4 += outer(x.y, y);
  (*tile).rows8 += outer(x.z, y);
  (*tile).rows12 += outer(x.w, y);
}

// The tile's rows, to be taken by number.
fn rowsOf(t: Tile) -> array<vec4f, 16> {
  return array(
    t.rows0[0], t.rows0[1], t.rows0[2], t.rows0[3], t.rows4[0], t.rows4[1], t.rows4[2], t.rows4[3],
    t.rows8[0], t.rows8[1], t.rows8[2], t.rows8[3], t.rows12[0], t.rows12[1], t.rows12[2], t.rows12[3],
  );
}

fn addForward(tile: ptr<function, Tile>, inputs: vec4u, weights: vec4u) {
  let x = vec4f(StoredFour(input[inputs.x], input[inputs.y], input[inputs.z], input[inputs.w]));
  let y = vec4f(StoredFour(weight[weights.x], weight[weights.y], weight[weights.z], weight[weights.w]));
  addOuter(tile, x, y);
}

fn affine(place: Place, r: u32) -> Tile {
  let inputs = lanes(place.row, place.lane, B) * I + r * inputStride;
  let columns = lanes(place.column, place.lane, O);
  let weights = columns * I + r * weightStride;
  let biases = columns + r * biasStride;
  let start = vec4f(StoredFour(bias[biases.x], bias[biases.y], bias[biases.z], bias[biases.w]));
  let rows = mat4x4f(start, start, start, start);
  var tile = Tile(rows, rows, rows, rows);
  for (var i = 0u; i < I; i++) { addForward(&tile, inputs + i, weights + i); }
  return tile;
}

// Each quad owns output[16 rows, 16 columns].
@compute @workgroup_size(workgroupX)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let place = placeOf(id.x, O);
  var rows = rowsOf(affine(place, id.z));
  let end = min(16u, max(B, place.row) - place.row);
  for (var row = 0u; row < end; row++) {
    for (var c = 0u; c < 4u; c++) {
      let o = place.column + 4u * c + place.lane;
      if (o < O) { output[id.z * outputStride + (place.row + row) * O + o] = toStored(activate(rows[row][c])); }
    }
  }
}

// As forward, for an activation whose gradient needs its input.
@compute @workgroup_size(workgroupX)
fn forwardSaving(@builtin(global_invocation_id) id: vec3u) {
  let place = placeOf(id.x, O);
  var rows = rowsOf(affine(place, id.z));
  let end = min(16u, max(B, place.row) - place.row);
  for (var row = 0u; row < end; row++) {
    for (var c = 0u; c < 4u; c++) {
      let o = place.column + 4u * c + place.lane;
      let at = (place.row + row) * O + o;
      if (o < O) {
        preactivation[id.z * preactivationStride + at] = toStored(rows[row][c]);
        output[id.z * outputStride + at] = toStored(activate(rows[row][c]));
      }
    }
  }
}

fn addBackwardInput(tile: ptr<function, Tile>, grads: vec4u, weights: vec4u) {
  let x = vec4f(StoredFour(outputGrad[grads.x], outputGrad[grads.y], outputGrad[grads.z], outputGrad[grads.w]));
  let y = vec4f(StoredFour(weight[weights.x], weight[weights.y], weight[weights.z], weight[weights.w]));
  addOuter(tile, x, y);
}

// inputGrad = (outputGrad weight) * activateGrad(saved). Each quad owns inputGrad[16 rows, 16 columns].
@compute @workgroup_size(workgroupX)
fn backwardInput(@builtin(global_invocation_id) id: vec3u) {
  let place = placeOf(id.x, I);
  let grads = lanes(place.row, place.lane, B) * O + id.z * outputGradStride;
  let weights = lanes(place.column, place.lane, I) + id.z * weightStride;
  var tile: Tile;
  for (var o = 0u; o < O; o++) { addBackwardInput(&tile, grads + o, weights + o * I); }
  var rows = rowsOf(tile);
  let end = min(16u, max(B, place.row) - place.row);
  for (var row = 0u; row < end; row++) {
    for (var c = 0u; c < 4u; c++) {
      let i = place.column + 4u * c + place.lane;
      if (i >= I) { continue; }
      let at = (place.row + row) * I + i;
      var gradient = rows[row][c] * activateGrad(f32(saved[id.z * savedStride + at]));
      let to = id.z * inputGradStride + at;
      if (accumulate == 1u) { gradient += f32(inputGrad[to]); }
      inputGrad[to] = toStored(gradient);
    }
  }
}

fn addBackwardWeight(tile: ptr<function, Tile>, grads: vec4u, inputs: vec4u) -> vec4f {
  let x = vec4f(StoredFour(outputGrad[grads.x], outputGrad[grads.y], outputGrad[grads.z], outputGrad[grads.w]));
  let y = vec4f(StoredFour(input[inputs.x], input[inputs.y], input[inputs.z], input[inputs.w]));
  addOuter(tile, x, y);
  return x;
}

fn putGradient(to: u32, gradient: f32) {
  if (accumulate == 1u) { gradients[to] += gradient; } else { gradients[to] = gradient; }
}

// weightGrad = outputGrad^T input, biasGrad = column sums of outputGrad.
// Each quad owns weightGrad[16 rows, 16 columns]; those of the first column own biasGrad of their rows as well.
@compute @workgroup_size(workgroupX)
fn backwardWeight(@builtin(global_invocation_id) id: vec3u) {
  let place = placeOf(id.x, I);
  let grads = lanes(place.row, place.lane, O) + id.z * outputGradStride;
  let inputs = lanes(place.column, place.lane, I) + id.z * inputStride;
  var tile: Tile;
  var sums: vec4f;
  for (var b = 0u; b < B; b++) { sums += addBackwardWeight(&tile, grads + b * O, inputs + b * I); }
  var rows = rowsOf(tile);
  let end = min(16u, max(O, place.row) - place.row);
  for (var row = 0u; row < end; row++) {
    for (var c = 0u; c < 4u; c++) {
      let i = place.column + 4u * c + place.lane;
      if (i < I) { putGradient(id.z * gradientsStride + weightAt + (place.row + row) * I + i, rows[row][c]); }
    }
  }
  if (place.column == 0u) {
    for (var c = 0u; c < 4u; c++) {
      let o = place.row + 4u * c + place.lane;
      if (o < O) { putGradient(id.z * gradientsStride + biasAt + o, sums[c]); }
    }
  }
}
