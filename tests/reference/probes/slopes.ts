import type { ReferenceKernel } from "../kernel.ts";

/** The derivative of the activation at each element. */
export const activationSlopes: ReferenceKernel = ({ bindings: { saved, slopes }, activation }) => {
  slopes.set(saved.map((value) => activation.activateGrad(value)));
};
