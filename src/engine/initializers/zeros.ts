import { defineInitializer } from "./initializer.ts";

export const zeros = defineInitializer({
  label: "Zeros",
  source: "https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_",
  hyperparameters: {},
  weight: () => 0,
});
