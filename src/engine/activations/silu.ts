import wgsl from "#shaders/activations/silu.wgsl?raw";
import { defineActivation } from "./activation.ts";

export const silu = defineActivation({
  label: "SiLU",
  source: "https://arxiv.org/abs/1702.03118",
  saves: "input",
  wgsl,
});
