// What rounding to a format would do to numbers, and how large they are: counts for a look at gradients, not for training.
//
//   counts[slice] = (zeros, numbers that become 0, numbers that become infinite, numbers that are not finite,
//                    numbers by octave: below 2^-26, then [2^k, 2^(k+1)) for k = -26 ... 15, then all others)
//
// Slice s owns the numbers s, s + 16, ... Linked with common/storage-rounding.wgsl.

override N: u32; // numbers
override format: u32; // F16 or BF16
override workgroupX: u32 = 64u;
override valuesStride: u32 = 0u;
override countsStride: u32 = 0u;

@group(0) @binding(0) var<storage, read> values: array<u32>;        // (N) bits of float32
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;  // (16, 48)

const SLICES = 16u;
const COLUMNS = 48u;
const FATES = 4u; // columns before the octaves
const LEAST_OCTAVE = 100u; // biased exponent of the first octave: 2^-27
const INFINITE = 0x7f800000u;

fn isIn(column: u32, bits: u32) -> bool {
  let magnitude = bits & 0x7fffffffu;
  let rounded = roundedBits(magnitude, format);
  switch (column) {
    case 0u: { return magnitude == 0u; }
    case 1u: { return magnitude > 0u && rounded == 0u; }
    case 2u: { return magnitude < INFINITE && rounded >= INFINITE; }
    case 3u: { return magnitude >= INFINITE; }
    default: {
      let octave = clamp(magnitude >> 23u, LEAST_OCTAVE, LEAST_OCTAVE + COLUMNS - FATES - 1u) - LEAST_OCTAVE;
      return magnitude > 0u && magnitude < INFINITE && octave + FATES == column;
    }
  }
}

// Each invocation owns one count: reading all of a slice's numbers per column costs little once in a while.
@compute @workgroup_size(workgroupX)
fn countRange(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= SLICES * COLUMNS) { return; }
  let column = id.x % COLUMNS;
  var count = 0u;
  for (var i = id.x / COLUMNS; i < N; i += SLICES) {
    count += select(0u, 1u, isIn(column, values[id.z * valuesStride + i]));
  }
  counts[id.z * countsStride + id.x] = count;
}
