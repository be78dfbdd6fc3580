import { configured, gradNorms, lastLoss, layers, type PresetGroup } from "./preset.ts";

/** Eight sigmoid layers: what arrives at the first of them is smaller than float16 can write. */
const inPrecision = (compute: object) =>
  configured({
    data: { kind: "moons", size: 2000 },
    model: {
      ...layers("sigmoid", 16, 16, 16, 16, 16, 16, 16, 16),
      initializer: { kind: "xavierUniform", gain: 0.5 },
    },
    optimizer: { kind: "adam", learningRate: 0.01 },
    compute: { batchSize: 1024, precision: "f16", ...compute },
  });

export const precision = {
  label: "Precision",
  presets: {
    f16Underflow: {
      label: "f16 underflows",
      purpose: "Gradients below 6 × 10⁻⁸ become zero in float16, and a layer whose gradient is zero never learns.",
      try: "Change the precision to f32 or bf16: the same run learns.",
      config: inPrecision({ lossScaling: "none" }),
      result: {
        text: "After 300 steps the loss is that of guessing, and the first layer's gradient is exactly zero.",
        steps: 300,
        check: (run) => lastLoss(run, "train") > 0.68 && gradNorms(run)[0] === 0,
      },
      next: ["f16LossScaling"],
    },
    f16LossScaling: {
      label: "Cure: loss scaling",
      purpose: "The loss is multiplied by 65,536 before the way back and the gradients divided after it: none is lost.",
      try: "Set the initial loss scale to 1 and watch it double its way up.",
      config: inPrecision({ lossScaling: "dynamic" }),
      result: {
        text: "After 300 steps the training loss is below 0.1.",
        steps: 300,
        check: (run) => lastLoss(run, "train") < 0.1,
      },
      next: ["f16Underflow"],
    },
  },
} as const satisfies PresetGroup;
