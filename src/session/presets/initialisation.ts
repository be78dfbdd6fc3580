import { bestLoss, configured, gradNorms, lastLoss, layers, type PresetGroup } from "./preset.ts";

/** Five tanh layers whose initial weights are so many times Xavier's. */
const withGain = (gain: number) =>
  configured({
    data: { kind: "moons" },
    model: { ...layers("tanh", 16, 16, 16, 16, 16), initializer: { kind: "xavierUniform", gain } },
    optimizer: { kind: "sgd", learningRate: 0.1 },
  });

export const initialisation = {
  label: "Initial weights",
  presets: {
    initialTooSmall: {
      label: "Initial weights too small",
      purpose: "Signals shrink from layer to layer until nothing arrives, and neither does a gradient.",
      try: "Raise the gain in steps and find where it begins to learn.",
      config: withGain(0.05),
      result: {
        text: "After 1,000 steps the loss is that of guessing, and no matrix gets a gradient above a ten-thousandth.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") > 0.69 && Math.max(...gradNorms(run)) < 1e-4,
      },
      next: ["initialRight", "initialTooLarge"],
    },
    initialRight: {
      label: "Initial weights right",
      purpose: "Xavier's weights keep signals the same size through all layers.",
      try: "Change the gain to 0.05, then to 4.",
      config: withGain(1),
      result: {
        text: "After 1,000 steps training and validation loss are below 0.03.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") < 0.03 && lastLoss(run, "validation") < 0.03,
      },
      next: ["initialTooSmall", "initialTooLarge"],
    },
    initialTooLarge: {
      label: "Initial weights too large",
      purpose: "Every unit starts saturated: the boundary is jagged from the first step and never gets smooth.",
      try: "Compare the boundary with that of the right weights.",
      config: withGain(4),
      result: {
        text: "After 1,000 steps the training loss is below 0.01, and the validation loss over ten times as high.",
        steps: 1000,
        check: (run) => lastLoss(run, "train") < 0.01 && bestLoss(run, "validation") > 10 * lastLoss(run, "train"),
      },
      next: ["initialRight"],
    },
  },
} as const satisfies PresetGroup;
