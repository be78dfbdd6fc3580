import { defineSchedule, finalFraction, stepsParameter } from "./defineSchedule.ts";

export const linear = defineSchedule({
  label: "Linear",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html",
  hyperparameters: {
    overSteps: stepsParameter({ label: "Over steps", usual: 2000, help: "Steps until the final fraction is reached." }),
    finalFraction: finalFraction(0),
  },
  at: (h, learningRate, step) => learningRate * (1 + (h.finalFraction - 1) * Math.min((step - 1) / h.overSteps, 1)),
  span: ({ overSteps }) => overSteps,
});
