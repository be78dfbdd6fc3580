import { defineSchedule, finalFraction, stepsParameter, totalSteps, warmupSteps } from "./defineSchedule.ts";

export const warmupStableDecay = defineSchedule({
  label: "Warm-up, stable, decay",
  source: "https://arxiv.org/abs/2404.06395",
  hyperparameters: {
    warmupSteps: warmupSteps(100),
    totalSteps: totalSteps("Steps in all, warm-up and decay included."),
    decaySteps: stepsParameter({ label: "Decay steps", usual: 400, help: "Steps of the even way down at the end." }),
    finalFraction: finalFraction(0),
  },
  at(h, learningRate, step) {
    if (step <= h.warmupSteps) return (learningRate * step) / h.warmupSteps;
    const progress = (step - (h.totalSteps - h.decaySteps)) / h.decaySteps;
    return learningRate * (1 + (h.finalFraction - 1) * Math.min(Math.max(progress, 0), 1));
  },
  span: ({ totalSteps }) => totalSteps,
  problem(h) {
    const most = h.totalSteps - h.warmupSteps;
    if (h.decaySteps <= most || most < 0) return undefined;
    return { field: "decaySteps", expected: `at most ${most}, what warmupSteps leaves of totalSteps` };
  },
});
