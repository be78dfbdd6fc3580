// Fully connected layer and its gradients.
//
//   preactivation = input weight^T + bias      output = activate(preactivation)
//
// https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html; the layout of `weight` is PyTorch's.
// Calls activate() and activateGrad(), which the linker takes from shaders/activations.
//
// Gradients are taken before the activation: `outputGrad` is that of `preactivation`, and `inputGrad` is multiplied by
// the derivative of the activation that made `input`, found from `saved`.
//
// Every invocation owns a 4 x 4 tile of its result, so that each number loaded is used four times; no barriers.

override B: u32; // examples
override I: u32; // inputs
override O: u32; // outputs
override weightAt: u32 = 0u; // where weightGrad starts in the arena of gradients
override biasAt: u32 = 0u; // where biasGrad starts
override accumulate: u32 = 0u; // 1: add to the gradient, 0: store it
override workgroupX: u32 = 8u;
override workgroupY: u32 = 8u;

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

// Rows or columns start .. start + 3, kept inside: a tile that hangs over the edge computes the last one again.
fn inside(start: u32, size: u32) -> vec4u { return min(vec4u(start) + vec4u(0u, 1u, 2u, 3u), vec4u(size - 1u)); }

// preactivation[b + 0..3, o + 0..3]: rows are examples
fn affine(b: u32, o: u32, r: u32) -> mat4x4f {
  let inputs = inside(b, B) * I + r * inputStride;
  let columns = inside(o, O);
  let weights = columns * I + r * weightStride;
  let biases = columns + r * biasStride;
  let start = vec4f(StoredFour(bias[biases.x], bias[biases.y], bias[biases.z], bias[biases.w]));
  var row0 = start;
  var row1 = start;
  var row2 = start;
  var row3 = start;
  for (var i = 0u; i < I; i++) {
    let w = vec4f(StoredFour(weight[weights.x + i], weight[weights.y + i], weight[weights.z + i], weight[weights.w + i]));
    row0 += f32(input[inputs.x + i]) * w;
    row1 += f32(input[inputs.y + i]) * w;
    row2 += f32(input[inputs.z + i]) * w;
    row3 += f32(input[inputs.w + i]) * w;
  }
  return mat4x4f(row0, row1, row2, row3);
}

// Each invocation owns output[b + 0..3, o + 0..3].
@compute @workgroup_size(workgroupX, workgroupY)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let o = 4u * id.x;
  let b = 4u * id.y;
  if (o >= O || b >= B) { return; }
  let tile = affine(b, o, id.z);
  for (var row = 0u; row < min(4u, B - b); row++) {
    for (var column = 0u; column < min(4u, O - o); column++) {
      output[id.z * outputStride + (b + row) * O + o + column] = toStored(activate(tile[row][column]));
    }
  }
}

// As forward, for an activation whose gradient needs its input.
@compute @workgroup_size(workgroupX, workgroupY)
fn forwardSaving(@builtin(global_invocation_id) id: vec3u) {
  let o = 4u * id.x;
  let b = 4u * id.y;
  if (o >= O || b >= B) { return; }
  let tile = affine(b, o, id.z);
  for (var row = 0u; row < min(4u, B - b); row++) {
    for (var column = 0u; column < min(4u, O - o); column++) {
      let at = (b + row) * O + o + column;
      preactivation[id.z * preactivationStride + at] = toStored(tile[row][column]);
      output[id.z * outputStride + at] = toStored(activate(tile[row][column]));
    }
  }
}

// inputGrad = (outputGrad weight) * activateGrad(saved). Each invocation owns inputGrad[b + 0..3, i + 0..3].
@compute @workgroup_size(workgroupX, workgroupY)
fn backwardInput(@builtin(global_invocation_id) id: vec3u) {
  let i = 4u * id.x;
  let b = 4u * id.y;
  if (i >= I || b >= B) { return; }
  let grads = inside(b, B) * O + id.z * outputGradStride;
  let weights = inside(i, I) + id.z * weightStride;
  var tile: mat4x4f;
  for (var o = 0u; o < O; o++) {
    let at = weights + o * I;
    let w = vec4f(StoredFour(weight[at.x], weight[at.y], weight[at.z], weight[at.w]));
    tile[0] += f32(outputGrad[grads.x + o]) * w;
    tile[1] += f32(outputGrad[grads.y + o]) * w;
    tile[2] += f32(outputGrad[grads.z + o]) * w;
    tile[3] += f32(outputGrad[grads.w + o]) * w;
  }
  for (var row = 0u; row < min(4u, B - b); row++) {
    for (var column = 0u; column < min(4u, I - i); column++) {
      let at = (b + row) * I + i + column;
      var gradient = tile[row][column] * activateGrad(f32(saved[id.z * savedStride + at]));
      let place = id.z * inputGradStride + at;
      if (accumulate == 1u) { gradient += f32(inputGrad[place]); }
      inputGrad[place] = toStored(gradient);
    }
  }
}

// weightGrad = outputGrad^T input, biasGrad = column sums of outputGrad.
// Each invocation owns weightGrad[o + 0..3, i + 0..3]; those of the first column own biasGrad[o + 0..3] as well.
@compute @workgroup_size(workgroupX, workgroupY)
fn backwardWeight(@builtin(global_invocation_id) id: vec3u) {
  let i = 4u * id.x;
  let o = 4u * id.y;
  if (i >= I || o >= O) { return; }
  let grads = inside(o, O) + id.z * outputGradStride;
  let inputs = inside(i, I) + id.z * inputStride;
  var tile: mat4x4f;
  var sums: vec4f;
  for (var b = 0u; b < B; b++) {
    let atGrad = grads + b * O;
    let atInput = inputs + b * I;
    let grad = vec4f(StoredFour(outputGrad[atGrad.x], outputGrad[atGrad.y], outputGrad[atGrad.z], outputGrad[atGrad.w]));
    let x = vec4f(StoredFour(input[atInput.x], input[atInput.y], input[atInput.z], input[atInput.w]));
    tile[0] += grad.x * x;
    tile[1] += grad.y * x;
    tile[2] += grad.z * x;
    tile[3] += grad.w * x;
    sums += grad;
  }
  for (var row = 0u; row < min(4u, O - o); row++) {
    for (var column = 0u; column < min(4u, I - i); column++) {
      let place = id.z * gradientsStride + weightAt + (o + row) * I + i + column;
      if (accumulate == 1u) { gradients[place] += tile[row][column]; } else { gradients[place] = tile[row][column]; }
    }
    if (i == 0u) {
      let place = id.z * gradientsStride + biasAt + o + row;
      if (accumulate == 1u) { gradients[place] += sums[row]; } else { gradients[place] = sums[row]; }
    }
  }
}
