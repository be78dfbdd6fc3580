// The order of an epoch, per index: a cycle-walking Feistel network over the smallest domain 4^k >= n
// (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002). Linked after philox.wgsl.
// Equal to the bit to src/lib/permutation.ts.

// The id of the stream of random numbers for the order of batches, as in src/lib/random.ts.
const ORDER_STREAM = 2u;

// lowbias32, a bijective 32-bit hash: https://github.com/skeeto/hash-prospector/issues/19
fn mix32(value: u32) -> u32 {
  var x = value ^ (value >> 16u);
  x *= 0x21f0aaadu;
  x ^= x >> 15u;
  x *= 0xd35a2d97u;
  return x ^ (x >> 15u);
}

// The four round keys of an epoch; `seed` is its low and its high 32 bits.
fn permutationKeys(epoch: u32, seed: vec2u) -> vec4u {
  return philox(vec4u(epoch, ORDER_STREAM, 0u, 0u), seed);
}

// Position in the epoch -> example: a bijection of [0, n), for n >= 1 and index < n.
fn permute(index: u32, n: u32, keys: vec4u) -> u32 {
  let bits = max(2u, 32u - countLeadingZeros(n - 1u));
  let half = (bits + 1u) >> 1u;
  let mask = (1u << half) - 1u;
  var x = index;
  loop {
    var left = x >> half;
    var right = x & mask;
    for (var round = 0u; round < 6u; round++) {
      let next = left ^ (mix32(right + keys[round & 3u] + round * 0x9e3779b9u) & mask);
      left = right;
      right = next;
    }
    x = (left << half) | right;
    if (x < n) { break; }
  }
  return x;
}
