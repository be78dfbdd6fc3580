import { defineClipping, LEAST_BOUND, UNBOUNDED } from "./clipping.ts";

export const norm = defineClipping({
  label: "Global norm",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html",
  hyperparameters: {
    maxNorm: {
      kind: "number",
      label: "Largest norm",
      default: 1,
      min: LEAST_BOUND,
      max: 1e9,
      slider: [0.01, 100],
      scale: "log",
      help: "Where the L2 norm of all gradients together exceeds this, all of them shrink by one factor.",
    },
  },
  bounds: ({ maxNorm }) => ({ maxNorm, limit: UNBOUNDED }),
});
