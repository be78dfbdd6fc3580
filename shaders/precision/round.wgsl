// Storage in half precision, emulated in float32: what is stored is rounded as if it had 16 bits. Linked with
// common/storage-rounding.wgsl.

override N: u32; // numbers
override format: u32; // F16 or BF16
override workgroupX: u32 = 64u;
override valuesStride: u32 = 0u;
override sourceStride: u32 = 0u;
override storedStride: u32 = 0u;

@group(0) @binding(0) var<storage, read_write> values: array<u32>;     // (N) bits of float32, rounded in place
@group(0) @binding(1) var<storage, read> source: array<u32>;           // (N) bits of float32
@group(0) @binding(2) var<storage, read_write> stored: array<Stored>;  // (N) the same, rounded

// Numbers that one invocation rounds: i, i + n, i + 2n, ... with n invocations, so that neighbours access neighbours.
const ROUNDED = 4u;

fn invocations() -> u32 { return (N + ROUNDED - 1u) / ROUNDED; }

@compute @workgroup_size(workgroupX)
fn roundValues(@builtin(global_invocation_id) id: vec3u) {
  let across = invocations();
  if (id.x >= across) { return; }
  for (var i = id.x; i < N; i += across) {
    let at = id.z * valuesStride + i;
    values[at] = roundedBits(values[at], format);
  }
}

@compute @workgroup_size(workgroupX)
fn castSource(@builtin(global_invocation_id) id: vec3u) {
  let across = invocations();
  if (id.x >= across) { return; }
  for (var i = id.x; i < N; i += across) {
    stored[id.z * storedStride + i] = toStored(bitcast<f32>(roundedBits(source[id.z * sourceStride + i], format)));
  }
}
