// Picks the batch of this step: copies the rows of its examples out of the data set.
//
//   batchInputs_b = inputs_p(start + b), batchTargets_b = targets_p(start + b)
//
// with the epoch's permutation p (common/permutation.wgsl), or in the order of the file. Rows from `count` on are padding
// of a short last batch and become 0.

override B: u32; // rows of the batch
override N: u32; // examples
override I: u32; // numbers per input
override T: u32; // numbers per target
override workgroupX: u32 = 64u;
override orderKeyStride: u32 = 0u;
override batchInputsStride: u32 = 0u;
override batchTargetsStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> inputs: array<f32>;                // (N, I)
@group(0) @binding(1) var<storage, read> targets: array<f32>;               // (N, T)
@group(0) @binding(2) var<storage, read> orderKey: array<u32>;              // (2) low and high half of the seed
@group(0) @binding(3) var<storage, read_write> batchInputs: array<Stored>;  // (B, I)
@group(0) @binding(4) var<storage, read_write> batchTargets: array<f32>;    // (B, T)
@group(0) @binding(5) var<storage, read> clock: array<u32>;                 // (2) see common/clock.wgsl
@group(0) @binding(6) var<storage, read> batches: array<u32>;               // (K M, 5)

// Numbers that one invocation copies at most: enough to make finding the example's row cheap.
const COPIES = 16u;

// Each invocation owns numbers c, c + across, c + 2 across, ... of row b of (B, I + T), so that neighbours copy neighbours.
@compute @workgroup_size(workgroupX)
fn gather(@builtin(global_invocation_id) id: vec3u) {
  let across = (I + T + COPIES - 1u) / COPIES;
  let b = id.x / across;
  if (b >= B) { return; }
  let isUsed = b < batchCount(id.z);
  var example = min(batchStart(id.z) + b, N - 1u);
  if (isShuffled(id.z)) {
    let seed = vec2u(orderKey[id.z * orderKeyStride], orderKey[id.z * orderKeyStride + 1u]);
    example = permute(example, N, permutationKeys(batchEpoch(id.z), seed));
  }
  var column = id.x % across;
  let toInputs = id.z * batchInputsStride + b * I;
  for (; column < I; column += across) {
    batchInputs[toInputs + column] = toStored(select(0.0, inputs[example * I + column], isUsed));
  }
  let toTargets = id.z * batchTargetsStride + b * T;
  for (var t = column - I; t < T; t += across) {
    batchTargets[toTargets + t] = select(0.0, targets[example * T + t], isUsed);
  }
}
