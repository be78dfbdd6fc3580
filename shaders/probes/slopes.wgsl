// How steep each hidden unit's activation is at an example: where it is flat, no gradient comes through.
//
//   slopes = activateGrad(saved)

override count: u32; // elements
override workgroupX: u32 = 64u;
override savedStride: u32 = 0u;
override slopesStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> saved: array<Stored>;      // (B, O)
@group(0) @binding(1) var<storage, read_write> slopes: array<f32>;  // (B, O)

// Each invocation owns one element.
@compute @workgroup_size(workgroupX)
fn writeSlopes(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= count) { return; }
  slopes[id.z * slopesStride + id.x] = activateGrad(f32(saved[id.z * savedStride + id.x]));
}
