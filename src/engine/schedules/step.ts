import { defineSchedule, stepsParameter } from "./defineSchedule.ts";

export const step = defineSchedule({
  label: "Step",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html",
  hyperparameters: {
    every: stepsParameter({ label: "Every", usual: 500, help: "Steps between two drops." }),
    factor: {
      kind: "number",
      label: "Factor",
      symbol: "γ",
      default: 0.5,
      min: 0,
      max: 10,
      slider: [0, 1],
      scale: "linear",
      help: "What the learning rate is multiplied by at each drop.",
    },
  },
  at: ({ every, factor }, learningRate, step) => learningRate * factor ** Math.floor((step - 1) / every),
  span: ({ every }) => 5 * every,
});
