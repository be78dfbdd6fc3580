import wgsl from "#shaders/activations/leakyRelu.wgsl?raw";
import { defineActivation } from "./activation.ts";

export const leakyRelu = defineActivation({
  label: "Leaky ReLU",
  source: "https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html",
  saves: "output",
  wgsl,
});
