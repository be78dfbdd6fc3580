import { philox } from "../../../src/lib/philox.ts";
import { type StreamName, streams } from "../../../src/lib/random.ts";
import type { ReferenceCall, ReferenceKernel } from "../kernel.ts";
import { batchOf } from "./batch.ts";
import { controlOf } from "./control.ts";

/** The uniform number of each of `count` elements, for the stream, the step, the layer and the micro-batch of a call. */
export function stepUniforms(call: ReferenceCall, stream: StreamName, count: number): Float64Array {
  const { layer = 0, micro } = call.constants;
  const key = Uint32Array.from(call.bindings.orderKey);
  const { step } = batchOf(call);
  const block = new Uint32Array(4);
  return Float64Array.from({ length: count }, (_, element) => {
    const quad = Math.floor(element / 4);
    if (element % 4 === 0) philox(Uint32Array.of(quad, streams[stream], step, layer * 2 ** 16 + micro), key, block);
    return (block[element % 4] >>> 8) * 2 ** -24;
  });
}

/** x += sigma n: the normal numbers of each pair of uniform ones are r cos and r sin (Box and Muller 1958). */
export const addInputNoise: ReferenceKernel = (call) => {
  const { batchInputs } = call.bindings;
  const { B, I } = call.constants;
  const { inputNoise } = controlOf(call.bindings);
  const used = Math.min(B, batchOf(call).count) * I;
  const uniforms = stepUniforms(call, "augmentation", used + (used % 2));
  for (let element = 0; element < used; element++) {
    const pair = element - (element % 2);
    const radius = Math.sqrt(-2 * Math.log(1 - uniforms[pair]));
    const angle = 2 * Math.PI * uniforms[pair + 1];
    batchInputs[element] += inputNoise * radius * (element % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  }
};
