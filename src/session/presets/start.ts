import { defaultConfig } from "../config.ts";
import { configured, lastAccuracy, lastLoss, layers, type PresetGroup, reluLayers } from "./preset.ts";

/** What to train on images with, unless the user says otherwise: reads 95 % of MNIST's digits after 7,000 examples. */
export const startForImages = {
  model: { ...reluLayers(256, 128), dropout: 0.3 },
  optimizer: { kind: "sgd", learningRate: 0.1, momentum: 0.9 },
  compute: { batchSize: 128 },
} as const;

export const start = {
  label: "Start here",
  presets: {
    spirals: {
      label: "Spirals",
      purpose: "Three arms wound around each other, which two small hidden layers learn to tell apart.",
      try: "Take units away until the arms no longer come apart.",
      config: defaultConfig,
      result: {
        text: "After 1,200 steps 95 % of the validation points are right.",
        steps: 1200,
        check: (run) => lastAccuracy(run, "validation") >= 0.95,
      },
    },
    moons: {
      label: "Moons",
      purpose: "Two half circles that reach into each other: eight units bend one line around both.",
      try: "Remove the hidden layer and see how far one straight line gets.",
      config: configured({ data: { kind: "moons" }, model: layers("tanh", 8) }),
      result: {
        text: "After 1,000 steps 95 % of the validation points are right.",
        steps: 1000,
        check: (run) => lastAccuracy(run, "validation") >= 0.95,
      },
    },
    circles: {
      label: "Circles",
      purpose: "A ring inside a ring, closed off by a handful of straight ReLU edges.",
      try: "Count the corners of the boundary, then give the layer two units more.",
      config: configured({ data: { kind: "circles" }, model: reluLayers(8) }),
      result: {
        text: "After 600 steps 98 % of the validation points are right.",
        steps: 600,
        check: (run) => lastAccuracy(run, "validation") >= 0.98,
      },
    },
    sineRegression: {
      label: "Sine regression",
      purpose: "A curve fitted to noisy points of a sine wave, the slow part first.",
      try: "Raise the gap in the data and see what the curve does where it has no points.",
      config: configured({ data: { kind: "sine" }, model: layers("tanh", 32, 32) }),
      result: {
        text: "After 1,000 steps the validation loss is below 0.05, twice the variance of the noise.",
        steps: 1000,
        check: (run) => lastLoss(run, "validation") < 0.05,
      },
    },
    digits: {
      label: "Digits",
      purpose: "Drawn digits of twenty-eight by twenty-eight pixels, of which a linear model reads under 92 %.",
      try: "Remove both hidden layers, or open your own images in the card Data.",
      config: configured({
        data: { kind: "digits" },
        model: reluLayers(256, 128),
        optimizer: { kind: "sgd", learningRate: 0.1, momentum: 0.9, weightDecay: 0.001 },
        compute: { batchSize: 128 },
      }),
      result: {
        text: "After 100 steps 88 % of the validation digits are read.",
        steps: 100,
        check: (run) => lastAccuracy(run, "validation") >= 0.88,
      },
    },
  },
} as const satisfies PresetGroup;
