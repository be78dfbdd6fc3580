import { bestLoss, configured, lastAccuracy, lastLoss, layers, type PresetGroup, reluLayers } from "./preset.ts";

/** Forty noisy points to train on, forty to validate on, and 17,000 parameters: enough to learn any of it by heart. */
const data = { kind: "moons", size: 80, noise: 0.6, train: 0.5, validation: 0.5 };
const model = reluLayers(128, 128);
const optimizer = { kind: "adamw", learningRate: 0.001, weightDecay: 0 };

export const overfitting = {
  label: "Fit",
  presets: {
    overfit: {
      label: "Overfit a few noisy points",
      purpose: "A large network learns forty noisy points by heart: training loss falls while validation loss rises.",
      try: "Watch the boundary grow islands around single points, then take one of the cures.",
      config: configured({ data, model, optimizer }),
      result: {
        text: "After 800 steps the training loss is below 0.2 and the validation loss over twice its best.",
        steps: 800,
        check: (run) => lastLoss(run, "train") < 0.2 && lastLoss(run, "validation") > 2 * bestLoss(run, "validation"),
      },
      next: ["overfitMoreData", "overfitWeightDecay", "overfitDropout", "overfitEarlyStopping"],
    },
    overfitMoreData: {
      label: "Cure: more data",
      purpose: "The same network with a thousand points instead of forty has nothing left to learn by heart.",
      try: "Halve the size of the data until the gap opens again.",
      config: configured({ data: { ...data, size: 2000 }, model, optimizer }),
      result: {
        text: "After 800 steps validation loss and training loss are within 0.1 of each other.",
        steps: 800,
        check: (run) => lastLoss(run, "validation") - lastLoss(run, "train") < 0.1,
      },
      next: ["overfit"],
    },
    overfitWeightDecay: {
      label: "Cure: weight decay",
      purpose: "Weights that are pulled towards zero make a smoother boundary, which noise no longer bends.",
      try: "Move the weight decay between 0.1 and 10 and watch the islands come and go.",
      config: configured({ data, model, optimizer: { ...optimizer, weightDecay: 3 } }),
      result: {
        text: "After 800 steps the validation loss is below 0.7, a third of that without decay.",
        steps: 800,
        check: (run) => lastLoss(run, "validation") < 0.7,
      },
      next: ["overfit"],
    },
    overfitDropout: {
      label: "Cure: dropout",
      purpose: "Seven units in ten fall silent at each step, so none can rely on the others to remember a point.",
      try: "Lower the dropout to 0.2 and see the network remember again.",
      config: configured({ data, model: { ...model, dropout: 0.7 }, optimizer }),
      result: {
        text: "After 800 steps the validation loss is below 0.8, and the training loss has not fallen below 0.3.",
        steps: 800,
        check: (run) => lastLoss(run, "validation") < 0.8 && lastLoss(run, "train") > 0.3,
      },
      next: ["overfit"],
    },
    overfitEarlyStopping: {
      label: "Cure: early stopping",
      purpose:
        "Training ends when the validation loss has found no better value for 25 epochs, and its best weights return.",
      try: "Raise the patience and see whether waiting ever pays.",
      config: configured({ data, model, optimizer, stopping: { patience: 25 } }),
      result: {
        text: "Within 400 steps the validation loss passes its lowest point, below 0.6, and has risen by a tenth.",
        steps: 400,
        check: (run) =>
          bestLoss(run, "validation") < 0.6 && lastLoss(run, "validation") > 1.1 * bestLoss(run, "validation"),
      },
      next: ["overfit"],
    },
    underfit: {
      label: "Underfit",
      purpose: "Two units have too few bends for three spirals: both losses stay high, side by side.",
      try: "Add units one by one until the training loss gives way.",
      config: configured({
        data: { kind: "spirals" },
        model: layers("tanh", 2),
        optimizer: { kind: "adamw", learningRate: 0.03 },
      }),
      result: {
        text: "After 1,500 steps the training loss is still above 0.7, and validation is within 0.1 of it.",
        steps: 1500,
        check: (run) =>
          lastLoss(run, "train") > 0.7 && Math.abs(lastLoss(run, "validation") - lastLoss(run, "train")) < 0.1,
      },
      next: ["spirals"],
    },
    memoriseNoise: {
      label: "Learn random classes",
      purpose:
        "Every class is drawn at random, so there is nothing to learn, and a large network learns it all the same.",
      try: "Compare the steps it takes with those for true classes.",
      config: configured({
        data: { kind: "gaussians", size: 80, classes: 2, labelNoise: 0.5, train: 0.5, validation: 0.5, noise: 1 },
        model: reluLayers(128, 128),
        optimizer: { kind: "adamw", learningRate: 0.01, weightDecay: 0 },
      }),
      result: {
        text: "After 1,200 steps 95 % of the training points are right and under 75 % of the validation points.",
        steps: 1200,
        check: (run) => lastAccuracy(run, "train") >= 0.95 && lastAccuracy(run, "validation") < 0.75,
      },
    },
  },
} as const satisfies PresetGroup;
