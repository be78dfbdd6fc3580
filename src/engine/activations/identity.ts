import wgsl from "#shaders/activations/identity.wgsl?raw";
import { defineActivation } from "./activation.ts";

export const identity = defineActivation({
  label: "Identity",
  source: "https://pytorch.org/docs/stable/generated/torch.nn.Identity.html",
  saves: "output",
  wgsl,
});
