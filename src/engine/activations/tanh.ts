import wgsl from "#shaders/activations/tanh.wgsl?raw";
import { defineActivation } from "./activation.ts";

export const tanh = defineActivation({
  label: "tanh",
  source: "https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html",
  saves: "output",
  wgsl,
});
