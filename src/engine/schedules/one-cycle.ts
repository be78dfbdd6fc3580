import { cosineBetween, defineSchedule, fraction, totalSteps } from "./defineSchedule.ts";

/** PyTorch's OneCycleLR with cosine annealing in two phases; after the last step it stays where it is. */
export const oneCycle = defineSchedule({
  label: "One cycle",
  source: "https://arxiv.org/abs/1708.07120",
  hyperparameters: {
    totalSteps: totalSteps("Steps of the whole cycle, up and down, after any warm-up."),
    startFraction: fraction("Start fraction", 1 / 25, "Of the learning rate, at the first step."),
    peakFraction: fraction("Peak at", 0.3, "Fraction of the steps after which the learning rate is reached."),
    finalFraction: fraction("Final fraction", 1 / 25 / 1e4, "Of the learning rate, at the last step; it stays there."),
  },
  at(h, learningRate, step) {
    const peak = h.peakFraction * h.totalSteps - 1;
    const done = step - 1;
    // A cycle whose rise is one step begins at its peak.
    if (done <= peak) return learningRate * cosineBetween(h.startFraction, peak > 0 ? 1 - done / peak : 0);
    return learningRate * cosineBetween(h.finalFraction, (done - peak) / (h.totalSteps - 1 - peak));
  },
  span: ({ totalSteps }) => totalSteps,
});
