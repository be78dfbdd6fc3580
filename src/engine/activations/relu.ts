import wgsl from "#shaders/activations/relu.wgsl?raw";
import { defineActivation } from "./activation.ts";

export const relu = defineActivation({
  label: "ReLU",
  source: "https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html",
  saves: "output",
  wgsl,
});
