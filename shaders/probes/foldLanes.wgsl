// Adds up lanes of gradNorm.wgsl and of penalties, many at a time, until few enough are left for one invocation.
//
// A fold (start, end, stride) owns the lanes start, start + stride, ... below end of one tensor, and has their form: a sum
// of squares beyond 2^100 is stored as the negative of its 2^-140th, and clipped gradients, as the negative of their
// number, are counted only where all are finite.

override L: u32; // lanes
override F: u32; // folds
override penalized: u32 = 0u; // 1 if lanes have penalties
override workgroupX: u32 = 64u;
override partialsStride: u32 = 0u;
override foldedStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> partials: array<f32>;      // (L, 2), then penalties (L)
@group(0) @binding(1) var<storage, read> folds: array<u32>;         // (F, 3)
@group(0) @binding(2) var<storage, read_write> folded: array<f32>;  // (F, 2), then penalties (F)

const SHRINK = 0x1p-70f;

// The sum without the lanes from `end` on, of four lanes of which the last ones need not exist.
fn sumBelow(end: u32, lanes: vec4u, numbers: vec4f) -> f32 {
  return dot(select(vec4f(0.0), numbers, lanes < vec4u(end)), vec4f(1.0));
}

// Each invocation owns one fold, and reads four of its lanes at a time, so that it does not wait for each.
@compute @workgroup_size(workgroupX)
fn foldLanes(@builtin(global_invocation_id) id: vec3u) {
  let fold = id.x;
  if (fold >= F) { return; }
  let end = folds[3u * fold + 1u];
  let stride = folds[3u * fold + 2u];
  let base = id.z * partialsStride;
  var small = 0.0;
  var large = 0.0;
  var nonFinite = 0.0;
  var clipped = 0.0;
  var penalty = 0.0;
  for (var lane = folds[3u * fold]; lane < end; lane += 4u * stride) {
    let four = vec4u(lane, lane + stride, lane + 2u * stride, lane + 3u * stride);
    let at = base + 2u * four;
    let sums = vec4f(partials[at.x], partials[at.y], partials[at.z], partials[at.w]);
    let counts = vec4f(partials[at.x + 1u], partials[at.y + 1u], partials[at.z + 1u], partials[at.w + 1u]);
    small += sumBelow(end, four, select(sums, vec4f(0.0), sums < vec4f(0.0)));
    large += sumBelow(end, four, select(vec4f(0.0), -sums, sums < vec4f(0.0)));
    nonFinite += sumBelow(end, four, max(counts, vec4f(0.0)));
    clipped += sumBelow(end, four, max(-counts, vec4f(0.0)));
    if (penalized == 1u) {
      let p = base + 2u * L + four;
      penalty += sumBelow(end, four, vec4f(partials[p.x], partials[p.y], partials[p.z], partials[p.w]));
    }
  }
  let to = id.z * foldedStride;
  folded[to + 2u * fold] = select(small, -(large + small * SHRINK * SHRINK), large > 0.0);
  folded[to + 2u * fold + 1u] = select(-clipped, nonFinite, nonFinite > 0.0);
  if (penalized == 1u) { folded[to + 2u * F + fold] = penalty; }
}
