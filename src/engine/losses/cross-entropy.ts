import wgsl from "#shaders/losses/cross-entropy.wgsl?raw";
import { defineLoss, lossKernel } from "./loss.ts";

export const crossEntropy = defineLoss({
  label: "Cross-entropy",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html",
  task: "classification",
  hyperparameters: {},
  kernel: lossKernel("crossEntropy", wgsl),
});
