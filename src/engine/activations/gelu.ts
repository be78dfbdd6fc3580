import wgsl from "#shaders/activations/gelu.wgsl?raw";
import { defineActivation } from "./activation.ts";

export const gelu = defineActivation({
  label: "GELU",
  source: "https://arxiv.org/abs/1606.08415",
  saves: "input",
  wgsl,
});
