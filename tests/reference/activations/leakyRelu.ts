import type { ReferenceActivation } from "../kernel.ts";

/** PyTorch's `negative_slope`. */
const NEGATIVE_SLOPE = 0.01;

export const leakyRelu: ReferenceActivation = {
  activate: (x) => Math.max(x, 0) + NEGATIVE_SLOPE * Math.min(x, 0),
  activateGrad: (y) => (y > 0 ? 1 : NEGATIVE_SLOPE),
};
