import type { ReferenceActivation } from "../kernel.ts";

export const sine: ReferenceActivation = { activate: Math.sin, activateGrad: Math.cos };
