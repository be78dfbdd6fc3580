import wgsl from "#shaders/activations/sigmoid.wgsl?raw";
import { defineActivation } from "./activation.ts";

export const sigmoid = defineActivation({
  label: "Sigmoid",
  source: "https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html",
  saves: "output",
  wgsl,
});
