import { defineSchedule } from "./defineSchedule.ts";

/** A picture shows the way down to this fraction, or up to its inverse. */
const SHOWN = 0.02;

export const exponential = defineSchedule({
  label: "Exponential",
  source: "https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html",
  hyperparameters: {
    factor: {
      kind: "number",
      label: "Factor",
      symbol: "γ",
      default: 0.999,
      min: 0,
      max: 2,
      slider: [0.99, 1],
      scale: "linear",
      help: "What the learning rate is multiplied by at every step. Above 1 it grows, to find where training breaks.",
    },
  },
  at: ({ factor }, learningRate, step) => learningRate * factor ** (step - 1),
  span: ({ factor }) => (factor > 0 && factor !== 1 ? Math.ceil(Math.abs(Math.log(SHOWN) / Math.log(factor))) : 0),
});
