import type { Tensor } from "../../engine/graph/tensor.ts";
import { halfBits, halfValue } from "../../lib/half.ts";

/** Numbers as a tensor's memory has them: float16 rounded, in whole words of four bytes. */
export function stored(
  { type }: Pick<Tensor, "type">,
  values: Float32Array | Uint32Array,
): Float32Array | Uint32Array | Uint16Array {
  if (type !== "f16") return values;
  const halves = new Uint16Array(2 * Math.ceil(values.length / 2));
  values.forEach((value, index) => {
    halves[index] = halfBits(value);
  });
  return halves;
}

/** The first `count` numbers of a tensor's memory; bits of float32 where they are u32. */
export function loaded({ type }: Pick<Tensor, "type">, bytes: ArrayBuffer, count: number): Float32Array<ArrayBuffer> {
  if (type !== "f16") return new Float32Array(bytes);
  return Float32Array.from(new Uint16Array(bytes, 0, count), halfValue);
}
