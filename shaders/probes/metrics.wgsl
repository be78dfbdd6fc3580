// Closes a step or an evaluation: reduces its sums, writes a row of metrics, and moves the clock on.
//
//   metrics[row, replica] = (sum of losses, hits, gradient norm, 1 + number of the first tensor with a non-finite gradient,
//                            penalties, clip factor, loss scale, 1 if the update is skipped)
//   clip factor = maxNorm / (gradNorm + 1e-6) where gradNorm > maxNorm, otherwise 1,
//                 times the share of all elements that clipping by value leaves as they are
//
// Only a skipped step has a factor of 0. A gradient of infinite norm makes the others vanish when it is clipped, and stays
// infinite itself, as in PyTorch.
//
// The gradient norm is that before clipping, without the loss scale. Clipping as in PyTorch's clip_grad_norm_, the loss
// scale as in its GradScaler: it halves on overflow, and doubles after `growthInterval` steps without one.
// Few numbers, as foldLanes.wgsl leaves them: one invocation per replica, no barriers. It reads four at a time, so that it
// does not wait for each.

override B: u32; // rows of losses
override tensors: u32 = 0u; // parameter tensors
override elements: u32 = 1u; // of all of them together
override penalized: u32 = 0u; // 1 if partials have penalties
override R: u32 = 1u; // replicas
override workgroupX: u32 = 1u;
override rowLossStride: u32 = 0u;
override rowHitStride: u32 = 0u;
override partialsStride: u32 = 0u;
override tensorNormsStride: u32 = 0u;
override controlStride: u32 = 0u;
override clockStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> rowLoss: array<f32>;            // (B)
@group(0) @binding(1) var<storage, read> rowHit: array<f32>;             // (B)
@group(0) @binding(2) var<storage, read> partials: array<f32>;           // (L, 2) see foldLanes.wgsl, then penalties (L) where penalized is 1
@group(0) @binding(3) var<storage, read> laneEnds: array<u32>;           // (tensors) end of each tensor's lanes
@group(0) @binding(4) var<storage, read_write> tensorNorms: array<f32>;  // (tensors)
@group(0) @binding(5) var<storage, read_write> control: array<f32>;      // (12) see common/control.wgsl
@group(0) @binding(6) var<storage, read_write> metrics: array<f32>;      // (K, R, 8)
@group(0) @binding(7) var<storage, read_write> clock: array<u32>;        // (2) see common/clock.wgsl

const METRICS = 8u;
const LEAST_FACTOR = 0x1p-126f;

struct Norms {
  gradNorm: f32,
  penalty: f32,
  firstNonFinite: u32, // 1 + the tensor's number, or 0
  clipped: f32, // gradients that clipping by value changes
}

// The numbers from `first` on, without those from `end` on, which need not exist
fn below(end: u32, first: u32, numbers: vec4f) -> vec4f {
  return select(vec4f(0.0), numbers, vec4u(first, first + 1u, first + 2u, first + 3u) < vec4u(end));
}

fn sum(numbers: vec4f) -> f32 { return dot(numbers, vec4f(1.0)); }

fn writeSums(at: u32, r: u32) {
  var loss: vec4f;
  var hits: vec4f;
  for (var b = 0u; b < B; b += 4u) {
    let l = r * rowLossStride + b;
    let h = r * rowHitStride + b;
    loss += below(B, b, vec4f(rowLoss[l], rowLoss[l + 1u], rowLoss[l + 2u], rowLoss[l + 3u]));
    hits += below(B, b, vec4f(rowHit[h], rowHit[h + 1u], rowHit[h + 2u], rowHit[h + 3u]));
  }
  metrics[at] = sum(loss);
  metrics[at + 1u] = sum(hits);
}

// A sum of squares of any size: large is the 2^-140th of the part that could overflow, see gradNorm.wgsl.
struct Squares {
  small: f32,
  large: f32,
}

fn plus(a: Squares, b: Squares) -> Squares { return Squares(a.small + b.small, a.large + b.large); }

// The root of a sum of squares, divided by `scale`
fn rootOf(squares: Squares, scale: f32) -> f32 {
  let shrunk = 0x1p70f * (sqrt(squares.large + squares.small * 0x1p-70f * 0x1p-70f) / scale);
  return select(sqrt(squares.small) / scale, shrunk, squares.large > 0.0);
}

// Adds up the lanes of each tensor, and the tensors; `scale` is the loss scale that the gradients still have.
fn reduceNorms(r: u32, scale: f32) -> Norms {
  var norms = Norms(0.0, 0.0, 0u, 0.0);
  var total = Squares(0.0, 0.0);
  var start = 0u;
  for (var t = 0u; t < tensors; t++) {
    let end = laneEnds[t];
    var squares = Squares(0.0, 0.0);
    var nonFinite = 0.0;
    for (var lane = start; lane < end; lane += 4u) {
      let at = r * partialsStride + 2u * lane;
      let sums = below(end, lane, vec4f(partials[at], partials[at + 2u], partials[at + 4u], partials[at + 6u]));
      let counts = below(end, lane, vec4f(partials[at + 1u], partials[at + 3u], partials[at + 5u], partials[at + 7u]));
      let isLarge = sums < vec4f(0.0);
      squares = plus(squares, Squares(sum(select(sums, vec4f(0.0), isLarge)), sum(select(vec4f(0.0), -sums, isLarge))));
      nonFinite += sum(max(counts, vec4f(0.0)));
      norms.clipped += sum(max(-counts, vec4f(0.0)));
    }
    tensorNorms[r * tensorNormsStride + t] = rootOf(squares, scale);
    total = plus(total, squares);
    if (nonFinite > 0.0 && norms.firstNonFinite == 0u) { norms.firstNonFinite = t + 1u; }
    start = end;
  }
  norms.gradNorm = rootOf(total, scale);
  if (penalized == 1u) { norms.penalty = penaltyOf(r, start); }
  return norms;
}

// The penalties of all lanes, which lie behind the lanes' sums
fn penaltyOf(r: u32, lanes: u32) -> f32 {
  var penalty: vec4f;
  for (var lane = 0u; lane < lanes; lane += 4u) {
    let at = r * partialsStride + 2u * lanes + lane;
    penalty += below(lanes, lane, vec4f(partials[at], partials[at + 1u], partials[at + 2u], partials[at + 3u]));
  }
  return sum(penalty);
}

// Steers the update and the next step's loss scale; returns whether the update is skipped.
fn steer(r: u32, norms: Norms) -> bool {
  let c = r * controlStride;
  let scale = control[c + LOSS_SCALE];
  let growthInterval = control[c + GROWTH_INTERVAL];
  if (growthInterval > 0.0 && norms.firstNonFinite > 0u) {
    control[c + FACTOR] = 0.0;
    control[c + LOSS_SCALE] = 0.5 * scale;
    control[c + STREAK] = 0.0;
    return true;
  }
  control[c + FACTOR] = max(clipFactor(norms.gradNorm, control[c + MAX_NORM]) / scale, LEAST_FACTOR);
  let streak = control[c + STREAK] + 1.0;
  let grows = growthInterval > 0.0 && streak >= growthInterval;
  control[c + STREAK] = select(streak, 0.0, grows);
  control[c + LOSS_SCALE] = select(scale, 2.0 * scale, grows);
  control[c + UPDATED] += 1.0;
  return false;
}

fn clipFactor(gradNorm: f32, maxNorm: f32) -> f32 {
  let clips = maxNorm < UNBOUNDED && gradNorm > maxNorm;
  return select(1.0, maxNorm / (gradNorm + 1e-6), clips);
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
  let r = id.z;
  let row = clock[r * clockStride];
  let at = METRICS * (row * R + r);
  let scale = control[r * controlStride + LOSS_SCALE];
  let norms = reduceNorms(r, scale);
  let isSkipped = steer(r, norms);
  writeSums(at, r);
  metrics[at + 2u] = norms.gradNorm;
  metrics[at + 3u] = f32(norms.firstNonFinite);
  metrics[at + 4u] = norms.penalty;
  let unchanged = 1.0 - norms.clipped / f32(elements);
  metrics[at + 5u] = unchanged * clipFactor(norms.gradNorm, control[r * controlStride + MAX_NORM]);
  metrics[at + 6u] = scale;
  metrics[at + 7u] = select(0.0, 1.0, isSkipped);
  advance(row, r);
}

// Each invocation owns one replica.
@compute @workgroup_size(workgroupX)
fn recordEvaluation(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > 0u) { return; }
  let row = clock[id.z * clockStride];
  writeSums(METRICS * (row * R + id.z), id.z);
  advance(row, id.z);
}
