import wgsl from "#shaders/losses/mae.wgsl?raw";
import { defineLoss } from "./loss.ts";

export const mae = defineLoss({
  name: "mae",
  label: "Mean absolute error",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html",
  task: "regression",
  hyperparameters: {},
  wgsl,
});
