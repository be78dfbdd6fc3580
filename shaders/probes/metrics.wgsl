// Closes a step or an evaluation: reduces its sums, writes a row of metrics, and moves the clock on.
//
//   metrics[row, replica] = (sum of losses, hits, gradient norm, 1 + number of the first tensor with a non-finite gradient)
//
// Few numbers, one invocation per replica: no barriers.

override B: u32; // rows of the batch
override tensors: u32 = 0u; // parameter tensors
override R: u32 = 1u; // replicas
override workgroupX: u32 = 1u;
override rowLossStride: u32 = 0u;
override rowHitStride: u32 = 0u;
override partialsStride: u32 = 0u;
override tensorNormsStride: u32 = 0u;
override clockStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> rowLoss: array<f32>;            // (B)
@group(0) @binding(1) var<storage, read> rowHit: array<f32>;             // (B)
@group(0) @binding(2) var<storage, read> partials: array<f32>;           // (L, 2)
@group(0) @binding(3) var<storage, read> laneEnds: array<u32>;           // (tensors) end of each tensor's lanes
@group(0) @binding(4) var<storage, read_write> tensorNorms: array<f32>;  // (tensors)
@group(0) @binding(5) var<storage, read_write> metrics: array<f32>;      // (K, R, 4)
@group(0) @binding(6) var<storage, read_write> clock: array<u32>;        // (2) see common/clock.wgsl

fn writeSums(row: u32, r: u32) {
  var loss = 0.0;
  var hits = 0.0;
  for (var b = 0u; b < B; b++) {
    loss += rowLoss[r * rowLossStride + b];
    hits += rowHit[r * rowHitStride + b];
  }
  metrics[4u * (row * R + r)] = loss;
  metrics[4u * (row * R + r) + 1u] = hits;
}

fn writeNorms(row: u32, r: u32) {
  var total = 0.0;
  var firstNonFinite = 0u;
  var lane = 0u;
  for (var t = 0u; t < tensors; t++) {
    var sum = 0.0;
    var nonFinite = 0.0;
    for (; lane < laneEnds[t]; lane++) {
      sum += partials[r * partialsStride + 2u * lane];
      nonFinite += partials[r * partialsStride + 2u * lane + 1u];
    }
    tensorNorms[r * tensorNormsStride + t] = sqrt(sum);
    total += sum;
    if (nonFinite > 0.0 && firstNonFinite == 0u) { firstNonFinite = t + 1u; }
  }
  metrics[4u * (row * R + r) + 2u] = sqrt(total);
  metrics[4u * (row * R + r) + 3u] = f32(firstNonFinite);
}

// The update that follows still belongs to this row; the next forward move to the next one.
fn advance(row: u32, r: u32) {
  clock[r * clockStride + 1u] = row;
  clock[r * clockStride] = row + 1u;
}

// Each invocation owns one replica.
@compute @workgroup_size(workgroupX)
fn recordStep(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > 0u) { return; }
  let row = clock[id.z * clockStride];
  writeSums(row, id.z);
  writeNorms(row, id.z);
  advance(row, id.z);
}

// Each invocation owns one replica.
@compute @workgroup_size(workgroupX)
fn recordEvaluation(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > 0u) { return; }
  let row = clock[id.z * clockStride];
  writeSums(row, id.z);
  advance(row, id.z);
}
