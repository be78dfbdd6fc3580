import { configured, lastLoss, layers, type PresetGroup, worstLoss } from "./preset.ts";

/** The same network on the same points with plain SGD; only the learning rate differs. */
const atRate = (learningRate: number) =>
  configured({
    data: { kind: "sine" },
    model: layers("tanh", 32, 32),
    optimizer: { kind: "sgd", learningRate },
  });

export const learningRate = {
  label: "Learning rate",
  presets: {
    learningRateTooLow: {
      label: "Learning rate too low",
      purpose: "Every step goes the right way and hardly anywhere: the loss falls along a straight line, slowly.",
      try: "Multiply the learning rate by ten, and again, and again, until the curve bends.",
      config: atRate(3e-5),
      result: {
        text: "After 1,000 steps the training loss has lost less than a twentieth.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") > 0.95 * worstLoss(run, "train"),
      },
      next: ["learningRateRight"],
    },
    learningRateRight: {
      label: "Learning rate right",
      purpose: "Steps as long as the valley allows: the loss falls fast, then ever more slowly, and settles.",
      try: "Halve the learning rate late in the run and see the last swings calm down.",
      config: atRate(0.03),
      result: {
        text: "After 1,000 steps the training loss is below 0.06.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") < 0.06,
      },
      next: ["learningRateTooHigh"],
    },
    learningRateTooHigh: {
      label: "Learning rate too high",
      purpose: "The steps are so long that they jump over the valley: the loss swings instead of settling.",
      try: "Divide the learning rate by three while it runs, and the loss settles within a second.",
      config: atRate(0.16),
      result: {
        text: "Single batches reach five times the first loss, and after 600 steps the loss still is not below 0.04.",
        steps: 600,
        check: (run) => Math.max(...run.curve.lossMax) > 2.5 && lastLoss(run, "train") > 0.04,
      },
      next: ["learningRateNaN", "learningRateRight"],
    },
    learningRateNaN: {
      label: "Learning rate far too high",
      purpose: "Each step lands higher than the last until a number no longer fits, and the run is over.",
      try: "Step through the first twenty steps one by one and watch the gradient norm.",
      config: atRate(0.5),
      result: {
        text: "Before step 60 a gradient is no longer a number.",
        steps: 60,
        check: (run) => run.nonFinite !== undefined,
      },
      next: ["learningRateRight"],
    },
  },
} as const satisfies PresetGroup;
