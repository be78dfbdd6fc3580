// Matrix product of pairs, see matmul-pairs.wgsl: about 45 bits instead of float32's 24.
//
//   result (rows, columns) = left (rows, depth) right (depth, columns), stored or added
//
// A matrix is a plane of high parts and a plane of low parts. Each invocation owns one number of the result: a product
// of pairs has some 22 operations to four loads, so what counts is having many invocations.

override rows: u32;
override columns: u32;
override depth: u32;
override accumulate: u32 = 0u; // 1: add to the result, 0: store it
override workgroupX: u32 = 8u;
override workgroupY: u32 = 8u;

override leftStride: u32 = 0u; // elements from one replica to the next
override rightStride: u32 = 0u;
override gateStride: u32 = 0u;
override resultStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> left: array<f32>;          // (2, rows, depth)
@group(0) @binding(1) var<storage, read> right: array<f32>;         // (2, depth, columns)
@group(0) @binding(2) var<storage, read> gate: array<f32>;          // (8) first 0: nothing is to be done; last 0
@group(0) @binding(3) var<storage, read_write> result: array<f32>;  // (2, rows, columns)

@compute @workgroup_size(workgroupX, workgroupY)
fn multiply(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= columns || id.y >= rows || gate[id.z * gateStride] == 0.0) { return; }
  zero = bitcast<u32>(gate[id.z * gateStride + 7u]);
  let x = id.z * leftStride + id.y * depth;
  let y = id.z * rightStride + id.x;
  let at = id.z * resultStride + id.y * columns + id.x;
  let low = at + rows * columns;
  var sum: vec2f;
  if (accumulate == 1u) { sum = vec2f(result[at], result[low]); }
  for (var k = 0u; k < depth; k++) {
    let a = vec2f(left[x + k], left[x + k + rows * depth]);
    let b = vec2f(right[y + k * columns], right[y + k * columns + depth * columns]);
    sum = addProduct(sum, a, b);
  }
  sum = tidy(sum);
  result[at] = sum.x;
  result[low] = sum.y;
}
