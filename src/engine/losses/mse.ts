import wgsl from "#shaders/losses/mse.wgsl?raw";
import { defineLoss } from "./loss.ts";

export const mse = defineLoss({
  name: "mse",
  label: "Mean squared error",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html",
  task: "regression",
  hyperparameters: {},
  wgsl,
});
