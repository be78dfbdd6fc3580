import { defineInitializer, gain } from "./initializer.ts";

/** PyTorch's default for `nn.Linear`, weights and biases: uniform within gain / √fanIn. */
export const uniform = defineInitializer({
  label: "Uniform",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html",
  hyperparameters: { gain },
  weight: ({ gain }, { fanIn }, random) => (gain / Math.sqrt(fanIn)) * (2 * random.uniform() - 1),
  bias: ({ gain }, { fanIn }, random) => (gain / Math.sqrt(fanIn)) * (2 * random.uniform() - 1),
});
