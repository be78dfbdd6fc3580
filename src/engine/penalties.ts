import control from "#shaders/common/control.wgsl?raw";
import wgsl from "#shaders/common/penalties.wgsl?raw";
import { defineKernel } from "./graph/kernel.ts";
import { link } from "./graph/link.ts";

/**
 * Adds the gradient of the penalties l1 · Σ|w| + l2/2 · Σw² on the weight matrices to gradients (P), with the loss scale
 * that they have, and leaves each lane's penalties, unscaled, in the last third of partials (3 L).
 */
export const penalize = defineKernel({
  name: "penalize",
  wgsl: link(wgsl, control),
  entry: "penalize",
  bindings: { parameters: "read", gradients: "readWrite", lanes: "read", control: "read", partials: "readWrite" },
  constants: ["L", "matrices"],
  workgroup: [64, 1],
  invocations: ({ L }) => [L, 1],
});
