// Matrix products in float32, and the norm of a matrix.
//
//   result (rows, columns) = alpha left (rows, depth) right (depth, columns) + beta addend (rows, columns)
//
// `right` is stored as (columns, depth) where `transposed` is 1. alpha and beta are an optimizer's scalars: `alphaAt`
// and `betaAt` are their positions in its row, counted from 1; 0 stands for a factor 1 and for no addend.
//
// Every invocation owns a 4 x 4 tile of the result, so that each number loaded is used four times; no barriers.

override rows: u32;
override columns: u32;
override depth: u32;
override transposed: u32 = 0u;
override alphaAt: u32 = 0u;
override betaAt: u32 = 0u;
override S: u32 = 1u; // scalars of a row
override R: u32 = 1u; // replicas
override count: u32; // numbers of the matrix whose norm is taken
override workgroupX: u32 = 8u;
override workgroupY: u32 = 8u;

override leftStride: u32 = 0u; // elements from one replica to the next
override rightStride: u32 = 0u;
override addendStride: u32 = 0u;
override clockStride: u32 = 0u;
override resultStride: u32 = 0u;
override inputStride: u32 = 0u;
override normStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> left: array<f32>;           // (rows, depth)
@group(0) @binding(1) var<storage, read> right: array<f32>;          // (depth, columns) or (columns, depth)
@group(0) @binding(2) var<storage, read> addend: array<f32>;         // (rows, columns)
@group(0) @binding(3) var<storage, read> clock: array<u32>;          // (2) see common/clock.wgsl
@group(0) @binding(4) var<storage, read> scalars: array<f32>;        // (K, R, S)
@group(0) @binding(5) var<storage, read_write> result: array<f32>;   // (rows, columns)
@group(0) @binding(6) var<storage, read> input: array<f32>;          // (count)
@group(0) @binding(7) var<storage, read_write> norm: array<f32>;     // (1)

fn scalar(r: u32, at: u32) -> f32 { return scalars[(clock[r * clockStride + 1u] * R + r) * S + at - 1u]; }

// Rows or columns start .. start + 3, kept inside: a tile that hangs over the edge computes the last one again.
fn inside(start: u32, size: u32) -> vec4u { return min(vec4u(start) + vec4u(0u, 1u, 2u, 3u), vec4u(size - 1u)); }

// Each invocation owns result[row + 0..3, column + 0..3].
@compute @workgroup_size(workgroupX, workgroupY)
fn multiply(@builtin(global_invocation_id) id: vec3u) {
  let column = 4u * id.x;
  let row = 4u * id.y;
  if (column >= columns || row >= rows) { return; }
  let x = inside(row, rows) * depth + id.z * leftStride;
  let y = inside(column, columns) * select(1u, depth, transposed == 1u) + id.z * rightStride;
  let step = select(columns, 1u, transposed == 1u);
  var tile: mat4x4f;
  for (var k = 0u; k < depth; k++) {
    let at = y + k * step;
    let four = vec4f(right[at.x], right[at.y], right[at.z], right[at.w]);
    tile[0] += left[x.x + k] * four;
    tile[1] += left[x.y + k] * four;
    tile[2] += left[x.z + k] * four;
    tile[3] += left[x.w + k] * four;
  }
  var alpha = 1.0;
  if (alphaAt > 0u) { alpha = scalar(id.z, alphaAt); }
  for (var i = 0u; i < min(4u, rows - row); i++) {
    for (var j = 0u; j < min(4u, columns - column); j++) {
      let at = (row + i) * columns + column + j;
      var value = alpha * tile[i][j];
      if (betaAt > 0u) { value += scalar(id.z, betaAt) * addend[id.z * addendStride + at]; }
      result[id.z * resultStride + at] = value;
    }
  }
}

var<workgroup> sums: array<f32, workgroupX>;

// norm = sqrt(sum of squares of input). One workgroup.
@compute @workgroup_size(workgroupX)
fn frobenius(@builtin(global_invocation_id) id: vec3u) {
  var sum = 0.0;
  for (var i = id.x; i < count; i += workgroupX) {
    let x = input[id.z * inputStride + i];
    sum += x * x;
  }
  sums[id.x] = sum;
  for (var reach = workgroupX / 2u; reach > 0u; reach /= 2u) {
    workgroupBarrier();
    if (id.x < reach) { sums[id.x] += sums[id.x + reach]; }
  }
  if (id.x == 0u) { norm[id.z * normStride] = sqrt(sums[0]); }
}
