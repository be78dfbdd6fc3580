import wgsl from "#shaders/activations/sine.wgsl?raw";
import { defineActivation } from "./activation.ts";

export const sine = defineActivation({
  label: "Sine",
  source: "https://arxiv.org/abs/2006.09661",
  saves: "input",
  wgsl,
});
