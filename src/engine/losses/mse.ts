import wgsl from "#shaders/losses/mse.wgsl?raw";
import { defineLoss, lossKernel } from "./loss.ts";

export const mse = defineLoss({
  label: "Mean squared error",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html",
  task: "regression",
  hyperparameters: {},
  kernel: lossKernel("mse", wgsl),
});
