// What a GPU can do at most, measured: multiply-adds in registers, and copying through memory. Not part of any training.

override N: u32;      // invocations
override rounds: u32; // of the loop
override workgroupX: u32 = 64u;

@group(0) @binding(0) var<storage, read> source: array<vec4f>;              // (N, 4)
@group(0) @binding(1) var<storage, read_write> destination: array<vec4f>;   // (N, 4)

// Each invocation owns eight vectors in registers and makes 32 * 4 multiply-adds with them per round: eight chains that
// do not wait for each other, and no memory. Factors below 1 keep all numbers finite.
@compute @workgroup_size(workgroupX)
fn multiplyAdd(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= N) { return; }
  let x = source[id.x];
  let factor = vec4f(0.5) + 0.25 * x;
  var a = x;
  var b = x + 1.0;
  var c = x + 2.0;
  var d = x + 3.0;
  var e = x + 4.0;
  var f = x + 5.0;
  var g = x + 6.0;
  var h = x + 7.0;
  for (var round = 0u; round < rounds; round++) {
    a = fma(a, factor, x); b = fma(b, factor, x); c = fma(c, factor, x); d = fma(d, factor, x);
    e = fma(e, factor, x); f = fma(f, factor, x); g = fma(g, factor, x); h = fma(h, factor, x);
    a = fma(a, factor, x); b = fma(b, factor, x); c = fma(c, factor, x); d = fma(d, factor, x);
    e = fma(e, factor, x); f = fma(f, factor, x); g = fma(g, factor, x); h = fma(h, factor, x);
    a = fma(a, factor, x); b = fma(b, factor, x); c = fma(c, factor, x); d = fma(d, factor, x);
    e = fma(e, factor, x); f = fma(f, factor, x); g = fma(g, factor, x); h = fma(h, factor, x);
    a = fma(a, factor, x); b = fma(b, factor, x); c = fma(c, factor, x); d = fma(d, factor, x);
    e = fma(e, factor, x); f = fma(f, factor, x); g = fma(g, factor, x); h = fma(h, factor, x);
  }
  destination[id.x] = ((a + b) + (c + d)) + ((e + f) + (g + h));
}

// Each invocation owns one vector: it reads it and writes it, and that is all.
@compute @workgroup_size(workgroupX)
fn copy(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= N) { return; }
  destination[id.x] = source[id.x];
}
