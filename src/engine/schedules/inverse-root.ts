import { defineSchedule, warmupSteps } from "./defineSchedule.ts";

export const inverseRoot = defineSchedule({
  label: "Inverse square root",
  source: "https://arxiv.org/abs/1706.03762",
  hyperparameters: { warmupSteps: warmupSteps(100, 1) },
  at: (h, learningRate, step) =>
    learningRate * (step <= h.warmupSteps ? step / h.warmupSteps : Math.sqrt(h.warmupSteps / step)),
  span: (h) => 20 * h.warmupSteps,
});
