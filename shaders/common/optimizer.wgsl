// What every optimizer is linked with: one dispatch updates the flat arena of all parameters.

override P: u32; // parameters, with the padding between tensors
override matrices: u32; // how many of them, from the front, belong to matrices; the rest are biases
override R: u32 = 1u; // replicas
override workgroupX: u32 = 256u;
override parametersStride: u32 = 0u;
override gradientsStride: u32 = 0u;
override clockStride: u32 = 0u;
