// What every optimizer that treats all parameters alike is linked with, after common/optimizer.wgsl. Its own module has
//
//   struct Scalars { ... }      the row that the host computes for each step
//   fn updated(parameter: f32, gradient: f32, r: u32, p: u32, s: Scalars) -> f32
//
// which stores the new moments of replica r's parameter p and returns the parameter after the step.

@group(0) @binding(4) var<storage, read> scalars: array<Scalars>;       // (K, R)

// Each invocation owns up to eight parameters p.
@compute @workgroup_size(workgroupX)
fn update(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= invocations() || isSkipped(id.z)) { return; }
  let s = scalars[scalarsRow(id.z)];
  for (var p = id.x; p < P; p += invocations()) {
    let place = id.z * parametersStride + p;
    parameters[place] = updated(parameters[place], gradientAt(id.z, p), id.z, p, s);
  }
}
