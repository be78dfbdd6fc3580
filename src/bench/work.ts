import type { Call } from "../engine/graph/program.ts";
import { elements, type Tensor } from "../engine/graph/tensor.ts";

const BYTES = 4;

/** Operations and bytes that a call's sizes ask for, however its kernel goes about it. */
export function workOf(call: Call): { readonly flop?: number; readonly bytes: number } {
  const { B, I, O } = call.constants;
  if (B !== undefined && I !== undefined && O !== undefined) {
    return { flop: 2 * B * I * O, bytes: BYTES * (B * I + I * O + B * O) };
  }
  const bindings = Object.entries(call.bindings);
  const sum = bindings.reduce((bytes, [name, tensor]) => bytes + bytesOf(call, name, tensor), 0);
  return { bytes: sum };
}

/** A batch that is gathered is as large as what it is gathered from in the data, of which most stays unread. */
function bytesOf({ kernel, bindings }: Call, name: string, tensor: Tensor): number {
  if (tensor.role === "tables" || tensor.role === "metrics" || tensor.role === "data") return 0;
  const isGather = Object.values(bindings).some(({ role }) => role === "data");
  const directions = kernel.bindings[name] === "readWrite" || isGather ? 2 : 1;
  return directions * elements(tensor.shape) * BYTES;
}
