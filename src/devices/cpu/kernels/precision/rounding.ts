// Rounding of float32 to a smaller format; see shaders/common/storage-rounding.wgsl.
//
// To nearest, ties to even; subnormal numbers are kept, what is too large becomes infinite, a NaN stays one.

/** Formats: IEEE 754 binary16, bfloat16. */
export const F16: u32 = 0;
export const BF16: u32 = 1;

/** Four numbers, rounded. */
@inline
export function rounded(x: v128, format: u32): v128 {
  const magnitude = v128.and(x, i32x4.splat(0x7fffffff));
  const drop: u32 = format == BF16 ? 16 : 13;
  const finite = format == BF16 ? withoutBits(magnitude, 16) : toHalf(magnitude);
  const nan = v128.and(v128.or(magnitude, i32x4.splat(0x00400000)), i32x4.splat(-1 << drop));
  const result = v128.bitselect(nan, finite, i32x4.gt_s(magnitude, i32x4.splat(0x7f800000)));
  return v128.or(v128.and(x, i32x4.splat(0x80000000)), result);
}

/** Rounds magnitudes' bits to multiples of 2^drop. A carry moves into the exponent, as it should. */
@inline
function withoutBits(magnitude: v128, drop: u32): v128 {
  const even = v128.and(i32x4.shr_u(magnitude, drop), i32x4.splat(1));
  const raised = i32x4.add(i32x4.add(magnitude, i32x4.splat((1 << (drop - 1)) - 1)), even);
  return v128.and(raised, i32x4.splat(-1 << drop));
}

/** Numbers below 2^-14 are 2^-24 apart, as float32 numbers from 0.5 to 1 are: the sum with 0.5 rounds them. */
@inline
function toHalf(magnitude: v128): v128 {
  const normal = withoutBits(magnitude, 13);
  const bounded = v128.bitselect(i32x4.splat(0x7f800000), normal, i32x4.ge_s(normal, i32x4.splat(0x47800000)));
  const small = f32x4.sub(f32x4.add(magnitude, f32x4.splat(0.5)), f32x4.splat(0.5));
  return v128.bitselect(small, bounded, i32x4.lt_s(magnitude, i32x4.splat(0x38800000)));
}
