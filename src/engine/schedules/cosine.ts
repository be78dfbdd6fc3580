import { cosineBetween, defineSchedule, finalFraction, totalSteps } from "./defineSchedule.ts";

export const cosine = defineSchedule({
  label: "Cosine",
  source: "https://arxiv.org/abs/1608.03983",
  hyperparameters: {
    totalSteps: totalSteps("Steps of the way down, after any warm-up."),
    finalFraction: finalFraction(0),
  },
  at: (h, learningRate, step) => learningRate * cosineBetween(h.finalFraction, (step - 1) / h.totalSteps),
  span: ({ totalSteps }) => totalSteps,
});
