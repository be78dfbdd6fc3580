import { defineSchedule } from "./defineSchedule.ts";

export const constant = defineSchedule({
  label: "Constant",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html",
  hyperparameters: {},
  at: (_, learningRate) => learningRate,
  span: () => 0,
});
