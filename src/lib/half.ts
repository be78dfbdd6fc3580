const word = new Uint32Array(1);
const number = new Float32Array(word.buffer);

/** The float16 nearest to a float32 number, ties to even, as its 16 bits; what is too large becomes infinite. */
export function halfBits(x: number): number {
  number[0] = x;
  const bits = word[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7e00;
  // Below 2^-14 numbers are 2^-24 apart, as float32 numbers from 0.5 to 1 are
  if (magnitude < 0x3880_0000) return sign | ((Math.fround(Math.abs(x) + 0.5) - 0.5) * 2 ** 24);
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | Math.min(0x7c00, (rounded - 0x3800_0000) >>> 13);
}

/** The number that 16 bits stand for as a float16. */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** The bfloat16 nearest to a float32 number, ties to even, as its 16 bits; what is too large becomes infinite. */
export function bfloatBits(x: number): number {
  number[0] = x;
  const bits = word[0] ?? 0;
  if (Number.isNaN(x)) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** The number that 16 bits stand for as a bfloat16. */
export function bfloatValue(bits: number): number {
  word[0] = bits << 16;
  return number[0] ?? 0;
}
