// Inverse fourth root of a symmetric positive definite matrix A (n, n), by a coupled Newton iteration.
//
//   M = A / s      X = I      repeat:  T = a I - b M,  M = T^4 M,  X = X T      until M = I: then X = (A / s)^(-1/4)
//
// Guo and Higham 2006, "A Schur-Newton method for the matrix pth root and its inverse", section 4,
// https://doi.org/10.1137/050643374, where a = 5/4 and b = 1/4. That multiplies a small eigenvalue m by 2.4. The
// eigenvalues are known to lie in (l, 1], with l = epsilon / s, and of all a (1 - y m) the largest that keeps m T(m)^4 below 1 there, and as high at l as at 1, is
//
//   y = 1 / (1 + q + q^2 + q^3 + q^4),   a = 5/4 (5 y)^(1/4),   q = l^(1/4),   after which q becomes a q (1 - y q^4)
//
// which multiplies it by up to 12. Near 1 three steps of the plain iteration square what is missing. Rounding turns an
// eigenvalue of A near epsilon into noise unless the numbers have more digits than A / epsilon does: so these are
// pairs, see common/matmul-pairs.wgsl. The products are calls of their own, common/matmul-exact.wgsl.

struct Scalars {
  learningRate: f32,
  epsilon: f32,
  isDue: f32,
  grafts: f32,
}

// progress (8): what the products' gate looks at, q, the factor of the result, iterations done, plain ones left, 0
const ACTIVE = 0u;
const Q = 1u;
const ROOT_SCALE = 2u;
const COUNT = 3u;
const LEFT = 4u;

const LEAST = 0x1p-40f; // of l: with smaller ones the pairs' digits would not suffice
const NEAR = 0.999;
const PLAIN_STEPS = 3.0;

override n: u32;
override workgroupY: u32 = 8u;
override statisticStride: u32 = 0u;
override normStride: u32 = 0u;
override mStride: u32 = 0u;
override tStride: u32 = 0u;
override xStride: u32 = 0u;
override evenStride: u32 = 0u;
override oddStride: u32 = 0u;
override progressStride: u32 = 0u;
override nextStride: u32 = 0u;
override rootStride: u32 = 0u;

@group(0) @binding(4) var<storage, read> scalars: array<Scalars>;      // (K, R)
@group(0) @binding(5) var<storage, read> statistic: array<f32>;        // (2, n, n) A
@group(0) @binding(6) var<storage, read> norm: array<f32>;             // (1) not below the largest eigenvalue of A
@group(0) @binding(7) var<storage, read_write> scaled: array<f32>;     // (2, n, n) M at the start
@group(0) @binding(8) var<storage, read_write> x: array<f32>;          // (2, n, n)
@group(0) @binding(9) var<storage, read> m: array<f32>;                // (2, n, n)
@group(0) @binding(10) var<storage, read_write> t: array<f32>;         // (2, n, n)
@group(0) @binding(11) var<storage, read> progress: array<f32>;        // (8)
@group(0) @binding(12) var<storage, read_write> next: array<f32>;      // (8) progress after this iteration
@group(0) @binding(13) var<storage, read> even: array<f32>;            // (2, n, n) X after an even number of iterations
@group(0) @binding(14) var<storage, read> odd: array<f32>;             // (2, n, n) X after an odd number
@group(0) @binding(15) var<storage, read_write> root: array<f32>;      // (2, n, n) A^(-1/4)

override scaledStride: u32 = 0u;

struct Progress {
  isActive: f32,
  q: f32,
  rootScale: f32,
  count: f32,
  left: f32,
}

fn loadProgress(at: u32) -> Progress {
  return Progress(
    progress[at + ACTIVE], progress[at + Q], progress[at + ROOT_SCALE], progress[at + COUNT], progress[at + LEFT],
  );
}

fn storeProgress(at: u32, p: Progress) {
  next[at + ACTIVE] = p.isActive;
  next[at + Q] = p.q;
  next[at + ROOT_SCALE] = p.rootScale;
  next[at + COUNT] = p.count;
  next[at + LEFT] = p.left;
  next[at + 7u] = 0.0;
}

// M = A / s and X = I, where s is a power of 16, so that nothing is rounded. Each invocation owns one element.
@compute @workgroup_size(workgroupX, workgroupY)
fn start(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= n || id.y >= n) { return; }
  let s = scalars[scalarsRow(id.z)];
  let size = norm[id.z * normStride];
  var scale = 1.0;
  var rootScale = 1.0;
  for (var i = 0u; i < 30u && size * scale > 1.0; i++) {
    scale *= 0.0625;
    rootScale *= 0.5;
  }
  for (var i = 0u; i < 30u && size * scale * 16.0 <= 1.0; i++) {
    scale *= 16.0;
    rootScale *= 2.0;
  }
  let isDue = (s.isDue == 1.0 || isFirstUpdate(id.z)) && !isSkipped(id.z);
  let at = id.y * n + id.x;
  if (at == 0u) {
    let q = sqrt(sqrt(clamp(s.epsilon * scale, LEAST, 1.0)));
    storeProgress(id.z * nextStride, Progress(select(0.0, 1.0, isDue), q, rootScale, 0.0, PLAIN_STEPS));
  }
  if (!isDue) { return; }
  let plane = n * n;
  let source = id.z * statisticStride + at;
  scaled[id.z * scaledStride + at] = statistic[source] * scale;
  scaled[id.z * scaledStride + plane + at] = statistic[source + plane] * scale;
  x[id.z * xStride + at] = select(0.0, 1.0, id.x == id.y);
  x[id.z * xStride + plane + at] = 0.0;
}

// The factors a and b of this iteration, and q after it. Near 1 no more than three iterations are left.
fn advance(p: ptr<function, Progress>) -> vec2f {
  if ((*p).q >= NEAR) {
    (*p).isActive = select(0.0, 1.0, (*p).left > 0.0);
    (*p).left -= (*p).isActive;
    (*p).count += (*p).isActive;
    return vec2f(1.25, 0.25);
  }
  let q = (*p).q;
  let square = q * q;
  let y = 1.0 / (1.0 + q + square + square * q + square * square);
  let a = 1.25 * sqrt(sqrt(5.0 * y));
  (*p).q = a * q * (1.0 - y * square * square);
  (*p).count += 1.0;
  return vec2f(a, a * y);
}

// T = a I - b M. Each invocation owns one element.
@compute @workgroup_size(workgroupX, workgroupY)
fn iterate(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= n || id.y >= n) { return; }
  let source = id.z * progressStride;
  var p = loadProgress(source);
  var factors: vec2f;
  if (p.isActive == 1.0) { factors = advance(&p); }
  let at = id.y * n + id.x;
  if (at == 0u) { storeProgress(id.z * nextStride, p); }
  if (p.isActive == 0.0) { return; }
  zero = bitcast<u32>(progress[source + 7u]);
  let plane = n * n;
  let element = vec2f(m[id.z * mStride + at], m[id.z * mStride + plane + at]);
  let start = vec2f(select(0.0, factors.x, id.x == id.y), 0.0);
  let value = tidy(addProduct(start, vec2f(-factors.y, 0.0), element));
  t[id.z * tStride + at] = value.x;
  t[id.z * tStride + plane + at] = value.y;
}

// A^(-1/4) = s^(-1/4) X; where no root was due it stays what it was. Each invocation owns one element.
@compute @workgroup_size(workgroupX, workgroupY)
fn finish(@builtin(global_invocation_id) id: vec3u) {
  let count = u32(progress[id.z * progressStride + COUNT]);
  if (id.x >= n || id.y >= n || count == 0u) { return; }
  let scale = progress[id.z * progressStride + ROOT_SCALE];
  for (var plane = 0u; plane < 2u; plane++) {
    let at = plane * n * n + id.y * n + id.x;
    var value: f32;
    if (count % 2u == 1u) { value = odd[id.z * oddStride + at]; } else { value = even[id.z * evenStride + at]; }
    root[id.z * rootStride + at] = scale * value;
  }
}
