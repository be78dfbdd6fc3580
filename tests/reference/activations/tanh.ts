import type { ReferenceActivation } from "../kernel.ts";

export const tanh: ReferenceActivation = { activate: Math.tanh, activateGrad: (y) => 1 - y ** 2 };
