// A bfloat16 as 16 bits: the upper half of a float32. Linked with common/storage-rounding.wgsl.

fn storedBits(x: f32) -> u32 { return roundedBits(bitcast<u32>(x), BF16) >> 16u; }

fn storedValue(bits: u32) -> f32 { return bitcast<f32>(bits << 16u); }
