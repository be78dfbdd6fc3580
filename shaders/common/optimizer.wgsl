// What every optimizer is linked with: one dispatch updates the flat arena of all parameters.

override P: u32; // parameters, with the padding between tensors
override matrices: u32; // how many of them, from the front, belong to matrices; the rest are biases
override R: u32 = 1u; // replicas
override workgroupX: u32 = 64u;
override parametersStride: u32 = 0u;
override gradientsStride: u32 = 0u;
override clockStride: u32 = 0u;

// Parameters that one invocation updates: p, p + n, p + 2n, ... with n invocations, so that neighbours access neighbours.
const UPDATES = 8u;

fn invocations() -> u32 { return (P + UPDATES - 1u) / UPDATES; }
