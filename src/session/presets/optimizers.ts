import { configured, lastLoss, layers, type PresetGroup } from "./preset.ts";

/** The first run of all, with another optimizer. */
const withOptimizer = (optimizer: object) =>
  configured({ data: { kind: "spirals" }, model: layers("tanh", 16, 16), optimizer });

export const optimizers = {
  label: "Optimizers",
  presets: {
    plainSgd: {
      label: "Plain SGD",
      purpose: "Straight downhill, one step at a time: slow where the slope is gentle.",
      try: "Compare it with momentum at the same learning rate.",
      config: withOptimizer({ kind: "sgd", learningRate: 0.1 }),
      result: {
        text: "After 1,000 steps the training loss is still above 0.3.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") > 0.3,
      },
      next: ["momentum", "adam"],
    },
    momentum: {
      label: "SGD with momentum",
      purpose: "The ball keeps rolling: steps in the same direction add up, and the arms come apart early.",
      try: "Raise the momentum to 0.99 and see it overshoot.",
      config: withOptimizer({ kind: "sgd", learningRate: 0.1, momentum: 0.9 }),
      result: {
        text: "After 1,000 steps the training loss is below 0.03.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") < 0.03,
      },
      next: ["plainSgd", "adam"],
    },
    adam: {
      label: "Adam",
      purpose: "Every weight gets a step of its own length, so a tenth of the learning rate goes as far.",
      try: "Change the learning rate tenfold both ways: it still learns, SGD would not.",
      config: withOptimizer({ kind: "adam", learningRate: 0.01 }),
      result: {
        text: "After 1,000 steps the training loss is below 0.15.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") < 0.15,
      },
      next: ["plainSgd", "momentum"],
    },
  },
} as const satisfies PresetGroup;
