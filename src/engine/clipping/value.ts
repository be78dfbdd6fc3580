import { defineClipping, LEAST_BOUND, UNBOUNDED } from "./clipping.ts";

export const value = defineClipping({
  label: "Value",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html",
  hyperparameters: {
    limit: {
      kind: "number",
      label: "Largest value",
      default: 0.5,
      min: LEAST_BOUND,
      max: 1e9,
      slider: [0.001, 10],
      scale: "log",
      help: "Each element of the gradient is brought into the range from minus this to this.",
    },
  },
  bounds: ({ limit }) => ({ maxNorm: UNBOUNDED, limit }),
});
