// L2 norms of the gradients: of each tensor, and of all together. First half: partial sums of squares.
//
// A lane (start, end, stride) owns the elements start, start + stride, ... below end of one tensor, so that neighbouring
// invocations read neighbouring numbers. Non-finite gradients are found by their exponent bits: compilers drop x != x.
// The second number of a lane says how many of them there are, or, where there are none, minus how many gradients clipping
// by value changes. A sum beyond 2^100 may be about to overflow: it is stored as the negative of its 2^-140th.

override L: u32; // lanes
override workgroupX: u32 = 64u;
override gradientsStride: u32 = 0u;
override partialsStride: u32 = 0u;
override controlStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> gradients: array<f32>;       // (P) all parameters
@group(0) @binding(1) var<storage, read> lanes: array<u32>;           // (L, 3)
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;  // (L, 2) sum of squares, counts
@group(0) @binding(3) var<storage, read> control: array<f32>;         // (12) see common/control.wgsl

const LARGE = 0x1p100f;
const SHRINK = 0x1p-70f;
const NEAR = 0.999; // more than rounding takes from a square

fn isNonFinite(x: vec4f) -> vec4f {
  return select(vec4f(0.0), vec4f(1.0), (bitcast<vec4u>(x) & vec4u(0x7f800000u)) == vec4u(0x7f800000u));
}

// The lane's sum of squares of gradients 2^-70 times as large
fn shrunkSum(lane: u32, replica: u32) -> f32 {
  var sum = 0.0;
  for (var p = lanes[3u * lane]; p < lanes[3u * lane + 1u]; p += lanes[3u * lane + 2u]) {
    let shrunk = gradients[replica + p] * SHRINK;
    sum += shrunk * shrunk;
  }
  return sum;
}

// How many of the lane's gradients are larger than the limit, of gradients that still have the loss scale
fn clippedCount(lane: u32, replica: u32, limit: f32) -> f32 {
  var count = 0.0;
  for (var p = lanes[3u * lane]; p < lanes[3u * lane + 1u]; p += lanes[3u * lane + 2u]) {
    if (abs(gradients[replica + p]) > limit) { count += 1.0; }
  }
  return count;
}

// Each invocation owns one lane, and reads four of its numbers at a time, so that it does not wait for each.
@compute @workgroup_size(workgroupX)
fn partialSums(@builtin(global_invocation_id) id: vec3u) {
  let lane = id.x;
  if (lane >= L) { return; }
  let end = lanes[3u * lane + 1u];
  let stride = lanes[3u * lane + 2u];
  let replica = id.z * gradientsStride;
  var squares: vec4f;
  var nonFinite: vec4f;
  var p = lanes[3u * lane];
  for (; p + 3u * stride < end; p += 4u * stride) {
    let at = replica + p;
    let four = vec4f(gradients[at], gradients[at + stride], gradients[at + 2u * stride], gradients[at + 3u * stride]);
    squares += four * four;
    nonFinite += isNonFinite(four);
  }
  for (; p < end; p += stride) {
    let one = vec4f(gradients[replica + p], 0.0, 0.0, 0.0);
    squares += one * one;
    nonFinite += isNonFinite(one);
  }
  let sum = dot(squares, vec4f(1.0));
  var partial = sum;
  if (sum > LARGE) { partial = -shrunkSum(lane, replica); }
  partials[id.z * partialsStride + 2u * lane] = partial;
  var count = dot(nonFinite, vec4f(1.0));
  let limit = control[id.z * controlStride + LIMIT];
  // A lane whose sum of squares is below the limit's square has no such gradient, and is not read again
  let scaled = limit * control[id.z * controlStride + LOSS_SCALE];
  if (limit < UNBOUNDED && count == 0.0 && sum >= NEAR * scaled * scaled) { count = -clippedCount(lane, replica, scaled); }
  partials[id.z * partialsStride + 2u * lane + 1u] = count;
}
