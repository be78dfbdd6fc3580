import { configured, lastLoss, layers, type PresetGroup } from "./preset.ts";

/** Plain SGD on the spirals for forty epochs; batch size and learning rate differ. */
const inBatches = (batchSize: number, optimizer: object = {}, epochs = 40) =>
  configured({
    data: { kind: "spirals" },
    model: layers("tanh", 16, 16),
    optimizer: { kind: "sgd", learningRate: 0.1, ...optimizer },
    compute: { batchSize },
    stopping: { epochs },
  });

export const batches = {
  label: "Batch size",
  presets: {
    batchSmall: {
      label: "Batches of 8",
      purpose: "Forty epochs in many short steps: each sees little, and together they get far.",
      try: "Compare the loss at epoch 40 with that of batches of 128.",
      config: inBatches(8),
      result: {
        text: "After 40 epochs, which are 2,120 steps, the training loss is below 0.4.",
        steps: 2120,
        check: (run) => lastLoss(run, "train") < 0.4,
      },
      next: ["batchLarge", "batchOne"],
    },
    batchLarge: {
      label: "Batches of 128, same rate",
      purpose: "The same forty epochs make sixteen times fewer steps, and each is no longer than before.",
      try: "Compare steps and epochs: the loss per step is better, per epoch much worse.",
      config: inBatches(128),
      result: {
        text: "After 40 epochs, which are 160 steps, the training loss is still above 0.8.",
        steps: 160,
        check: (run) => lastLoss(run, "train") > 0.8,
      },
      next: ["batchLargeScaled", "batchSmall"],
    },
    batchLargeScaled: {
      label: "Batches of 128, rate scaled",
      purpose: "A larger batch is surer of its direction, so it can afford longer steps: by the root of the ratio.",
      try: "Change the scaling to linear and see where it becomes too much.",
      config: inBatches(128, { batchScaling: "root", referenceBatch: 8 }),
      result: {
        text: "After the same 160 steps the training loss is below 0.8.",
        steps: 160,
        check: (run) => lastLoss(run, "train") < 0.8,
      },
      next: ["batchLarge"],
    },
    batchOne: {
      label: "One example at a time",
      purpose: "Each step follows a single point, and the noise of that choice drowns what all of them have in common.",
      try: "Raise the batch size, or lower the learning rate, and watch the loss calm down.",
      config: inBatches(1, { learningRate: 0.2 }, 0),
      result: {
        text: "After 2,000 steps the training loss is still above 0.9, and has swung up again over and over.",
        steps: 2000,
        check: (run) => lastLoss(run, "train") > 0.9,
      },
      next: ["batchSmall"],
    },
  },
} as const satisfies PresetGroup;
