import type { ReferenceActivation } from "../kernel.ts";

export const relu: ReferenceActivation = { activate: (x) => Math.max(x, 0), activateGrad: (y) => (y > 0 ? 1 : 0) };
