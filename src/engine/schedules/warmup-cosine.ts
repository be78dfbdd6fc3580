import { cosineBetween, defineSchedule, finalFraction, totalSteps, warmupSteps } from "./defineSchedule.ts";

export const warmupCosine = defineSchedule({
  label: "Warm-up, then cosine",
  source: "https://arxiv.org/abs/2005.14165",
  hyperparameters: {
    warmupSteps: warmupSteps(100),
    totalSteps: totalSteps("Steps in all, warm-up included; afterwards the learning rate stays at the final fraction."),
    finalFraction: finalFraction(0.1),
  },
  at(h, learningRate, step) {
    if (step <= h.warmupSteps) return (learningRate * step) / h.warmupSteps;
    return learningRate * cosineBetween(h.finalFraction, (step - h.warmupSteps) / (h.totalSteps - h.warmupSteps));
  },
  span: ({ totalSteps }) => totalSteps,
});
