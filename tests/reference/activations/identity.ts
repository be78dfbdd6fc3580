import type { ReferenceActivation } from "../kernel.ts";

export const identity: ReferenceActivation = { activate: (x) => x, activateGrad: () => 1 };
