import { controlOf } from "../common/control.ts";
import { stepUniforms } from "../common/noise.ts";
import type { ReferenceCall, ReferenceKernel } from "../kernel.ts";

/** 0 with the given probability p, otherwise 1 / (1 - p). */
function maskOf(call: ReferenceCall): Float64Array {
  const { dropout } = controlOf(call.bindings);
  return stepUniforms(call, "dropout", call.constants.count).map((u) => (u >= dropout ? 1 / (1 - dropout) : 0));
}

export const dropoutForward: ReferenceKernel = (call) => {
  const { input, output } = call.bindings;
  output.set(maskOf(call).map((factor, index) => factor * input[index]));
};

export const dropoutBackward: ReferenceKernel = (call) => {
  const { outputGrad, saved, inputGrad } = call.bindings;
  maskOf(call).forEach((factor, index) => {
    const existing = call.constants.accumulate === 1 ? inputGrad[index] : 0;
    inputGrad[index] = existing + factor * outputGrad[index] * call.activation.activateGrad(saved[index]);
  });
};
