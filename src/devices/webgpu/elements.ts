import { type Format, isHalf, type Tensor } from "../../engine/graph/tensor.ts";
import { bfloatBits, bfloatValue, halfBits, halfValue } from "../../lib/half.ts";

const bitsOf: Readonly<Record<Format, (x: number) => number>> = { f16: halfBits, bf16: bfloatBits };
const numberOf: Readonly<Record<Format, (bits: number) => number>> = { f16: halfValue, bf16: bfloatValue };

/** Numbers as a tensor's memory has them: those of 16 bits rounded, in whole words of four bytes. */
export function stored(
  { type }: Pick<Tensor, "type">,
  values: Float32Array | Uint32Array,
): Float32Array | Uint32Array | Uint16Array {
  if (!isHalf(type)) return values;
  const halves = new Uint16Array(2 * Math.ceil(values.length / 2));
  values.forEach((value, index) => {
    halves[index] = bitsOf[type](value);
  });
  return halves;
}

/** The first `count` numbers of a tensor's memory; bits of float32 where they are u32. */
export function loaded({ type }: Pick<Tensor, "type">, bytes: ArrayBuffer, count: number): Float32Array<ArrayBuffer> {
  if (!isHalf(type)) return new Float32Array(bytes);
  return Float32Array.from(new Uint16Array(bytes, 0, count), numberOf[type]);
}
