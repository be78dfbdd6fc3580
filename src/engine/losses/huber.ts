import wgsl from "#shaders/losses/huber.wgsl?raw";
import { defineLoss } from "./loss.ts";

export const huber = defineLoss({
  name: "huber",
  label: "Huber",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html",
  task: "regression",
  hyperparameters: {
    delta: {
      kind: "number",
      label: "Delta",
      symbol: "δ",
      default: 1,
      min: 1e-6,
      max: 1e6,
      slider: [0.01, 10],
      scale: "log",
      help: "Errors up to this count with their square, larger ones with their size.",
    },
  },
  settings: ({ delta }) => [delta],
  wgsl,
});
