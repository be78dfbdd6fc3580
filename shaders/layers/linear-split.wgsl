// Gradient of a fully connected layer's weight where the batch is tall and the weight small: the sum over examples is cut
// into PARTS, so that enough invocations are at work, and a second pass adds the parts in a fixed order.
//
//   scratch_s = sum over the examples b of part s of outputGrad_b^T (input_b, 1)      weightGrad, biasGrad = sum_s scratch_s

override B: u32; // examples
override I: u32; // inputs
override O: u32; // outputs
override weightAt: u32 = 0u; // where weightGrad starts in the arena of gradients
override biasAt: u32 = 0u; // where biasGrad starts
override accumulate: u32 = 0u; // 1: add to the gradient, 0: store it
override workgroupX: u32 = 8u;
override workgroupY: u32 = 8u;

override inputStride: u32 = 0u; // elements from one replica to the next
override outputGradStride: u32 = 0u;
override gradientsStride: u32 = 0u;
override scratchStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> outputGrad: array<Stored>;    // (B, O)
@group(0) @binding(1) var<storage, read> input: array<Stored>;         // (B, I)
@group(0) @binding(2) var<storage, read_write> gradients: array<f32>;  // (P) weightGrad (O, I) and biasGrad (O) in it
@group(0) @binding(3) var<storage, read_write> scratch: array<f32>;    // (PARTS, O, I + 1) the last column for the bias

const PARTS = 16u;

// Rows or columns start .. start + 3, kept inside: a tile that hangs over the edge computes the last one again.
fn inside(start: u32, size: u32) -> vec4u { return min(vec4u(start) + vec4u(0u, 1u, 2u, 3u), vec4u(size - 1u)); }

// Each invocation owns weightGrad[o + 0..3, i + 0..3] of one part; those of the first column own biasGrad[o + 0..3] as well.
@compute @workgroup_size(workgroupX, workgroupY)
fn partialSums(@builtin(global_invocation_id) id: vec3u) {
  let across = (O + 3u) / 4u;
  let part = id.y / across;
  let i = 4u * id.x;
  let o = 4u * (id.y % across);
  if (i >= I || part >= PARTS) { return; }
  let grads = inside(o, O) + id.z * outputGradStride;
  let inputs = inside(i, I) + id.z * inputStride;
  let length = (B + PARTS - 1u) / PARTS;
  var tile: mat4x4f;
  var sums: vec4f;
  for (var b = part * length; b < min(B, (part + 1u) * length); b++) {
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
    let at = id.z * scratchStride + (part * O + o + row) * (I + 1u);
    for (var column = 0u; column < min(4u, I - i); column++) { scratch[at + i + column] = tile[row][column]; }
    if (i == 0u) { scratch[at + I] = sums[row]; }
  }
}

// Each invocation owns one number of weightGrad, or of biasGrad in the last column.
@compute @workgroup_size(workgroupX, workgroupY)
fn addParts(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  let o = id.y;
  if (i > I || o >= O) { return; }
  var sum = 0.0;
  for (var part = 0u; part < PARTS; part++) { sum += scratch[id.z * scratchStride + (part * O + o) * (I + 1u) + i]; }
  let to = id.z * gradientsStride + select(weightAt + o * I + i, biasAt + o, i == I);
  if (accumulate == 1u) { gradients[to] += sum; } else { gradients[to] = sum; }
}
