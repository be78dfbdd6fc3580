import type { ChoiceParameter, Hyperparameters, NumberParameter } from "../lib/hyperparameters.ts";
import { activations, defaultConfig } from "./config.ts";

/** The fields of each part of a configuration that do not depend on a kind. */

/** Most hidden layers, and most outputs of one. */
export const MAX_LAYERS = 16;
export const MAX_WIDTH = 8192;
const seed = (help: string, value = 1) =>
  ({
    kind: "number",
    label: "Seed",
    default: value,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    scale: "linear",
    integer: true,
    help,
  }) as const;

/** A choice from a fixed list; the values label themselves. */
export const choice = (label: string, values: readonly string[], first: string, help: string): ChoiceParameter => ({
  kind: "choice",
  label,
  default: first,
  options: Object.fromEntries(values.map((value) => [value, value])),
  help,
});

/** What every kind of data has besides its own hyperparameters. */
export const dataFields = {
  seed: seed("Draws the examples, their noise, and which of them go into which split.", defaultConfig.data.seed),
  train: {
    kind: "number",
    label: "Training split",
    default: defaultConfig.data.train,
    min: 0.001,
    max: 1,
    scale: "linear",
    help: "Fraction of the examples to train on.",
  },
  validation: {
    kind: "number",
    label: "Validation split",
    default: defaultConfig.data.validation,
    min: 0,
    max: 1,
    scale: "linear",
    help: "Fraction of the examples to validate on; with the training split at most 1. The test split takes the rest.",
  },
  kept: {
    kind: "number",
    label: "Training set kept",
    default: defaultConfig.data.kept,
    min: 0.001,
    max: 1,
    scale: "linear",
    help: "Fraction of the training split that is trained on, drawn at random; validation and test stay as they are.",
  },
  labelNoise: {
    kind: "number",
    label: "Label noise",
    default: defaultConfig.data.labelNoise,
    min: 0,
    max: 1,
    scale: "linear",
    help:
      "Classification: fraction of the training examples whose class is replaced by another, drawn at random. " +
      "Regression: normal noise on the training targets, in their standard deviations.",
  },
  inputNoise: {
    kind: "number",
    label: "Input noise",
    default: defaultConfig.data.inputNoise,
    min: 0,
    max: 10,
    slider: [0, 1],
    scale: "linear",
    help: "Standard deviation of normal noise that is added to the training inputs, drawn anew at each step.",
  },
} as const satisfies Hyperparameters;

/** A hidden layer. */
export const layerFields = {
  width: {
    kind: "number",
    label: "Width",
    default: 16,
    min: 1,
    max: MAX_WIDTH,
    scale: "log",
    integer: true,
    help: "Outputs of the layer.",
  },
  activation: choice("Activation", Object.keys(activations), "tanh", "Applied to each output."),
} as const satisfies Hyperparameters;

export const modelFields = {
  seed: seed("Draws the initial weights."),
  dropout: {
    kind: "number",
    label: "Dropout",
    symbol: "p",
    default: defaultConfig.model.dropout,
    min: 0,
    max: 0.95,
    scale: "linear",
    help:
      "Probability that an output of a hidden layer is set to 0 in a training step; the others grow by 1/(1 − p). " +
      "Evaluation uses all of them.",
  },
} as const satisfies Hyperparameters;

/** A penalty of the weights; biases are free of it. */
const penalty = (label: string, symbol: string, help: string) =>
  ({
    ...{ kind: "number", label, symbol, default: 0, min: 0, max: 10, slider: [1e-6, 0.1], scale: "log", help },
  }) as const satisfies NumberParameter;

/** What every loss has besides its own hyperparameters. */
export const lossFields = {
  l1: penalty("L1 penalty", "λ₁", "λ₁ times the sum of |w| over the weight matrices: drives weights to 0."),
  l2: penalty("L2 penalty", "λ₂", "λ₂/2 times the sum of w² over the weight matrices: keeps weights small."),
} as const satisfies Hyperparameters;

/** What every optimizer has besides its own hyperparameters, its schedule and its clipping. */
export const optimizerFields = {
  batchScaling: {
    kind: "choice",
    label: "Scale with batch",
    default: defaultConfig.optimizer.batchScaling,
    options: { none: "no", linear: "linear", root: "root" },
    help: "`linear` multiplies the learning rate by batch / reference batch, `root` by the square root of that.",
  },
  referenceBatch: {
    kind: "number",
    label: "Reference batch",
    default: defaultConfig.optimizer.referenceBatch,
    min: 1,
    max: 65_536,
    slider: [1, 1024],
    scale: "log",
    integer: true,
    help: "The batch size that the learning rate is meant for, where it is scaled with the batch.",
  },
} as const satisfies Hyperparameters;

export const computeFields = {
  device: choice("Device", ["auto", "webgpu", "cpu"], defaultConfig.compute.device, "`auto` takes the faster one."),
  precision: choice(
    "Precision",
    ["f32", "f16", "bf16"],
    defaultConfig.compute.precision,
    "How weights, activations and gradients are stored. Master weights and sums stay in float32.",
  ),
  lossScaling: choice(
    "Loss scaling",
    ["dynamic", "none"],
    defaultConfig.compute.lossScaling,
    "`dynamic` multiplies the loss so that small gradients survive `f16`, and skips steps that overflow.",
  ),
  initialLossScale: {
    kind: "number",
    label: "First loss scale",
    default: defaultConfig.compute.initialLossScale,
    min: 2 ** -24,
    max: 2 ** 30,
    slider: [1, 2 ** 24],
    scale: "log",
    help: "What dynamic loss scaling starts with. An overflow halves it.",
  },
  growthInterval: {
    kind: "number",
    label: "Growth interval",
    default: defaultConfig.compute.growthInterval,
    min: 1,
    max: 1_000_000,
    slider: [10, 10_000],
    scale: "log",
    integer: true,
    help: "Steps without an overflow after which the loss scale doubles.",
  },
  batchSize: {
    kind: "number",
    label: "Batch size",
    default: defaultConfig.compute.batchSize,
    min: 1,
    max: 65_536,
    scale: "log",
    integer: true,
    help: "Examples per step, or per micro-batch. More than there are in the training split means all of them.",
  },
  accumulation: {
    kind: "number",
    label: "Micro-batches",
    default: defaultConfig.compute.accumulation,
    min: 1,
    max: 64,
    scale: "log",
    integer: true,
    help:
      "Batches per step, also across the end of an epoch. The gradient is that of the mean over all their examples, as in " +
      "one batch of them; only with class weights does each batch keep a mean of its own.",
  },
  checkpointing: {
    kind: "boolean",
    label: "Checkpointing",
    default: defaultConfig.compute.checkpointing,
    help: "Computes activations again in the backward pass instead of keeping them: less memory, more time, same weights.",
  },
  order: choice(
    "Order",
    ["shuffled", "sequential"],
    defaultConfig.compute.order,
    "`shuffled` draws a new order each epoch; `sequential` keeps that of the training split in every epoch.",
  ),
  seed: seed("Draws the order of the batches."),
  deterministic: {
    kind: "boolean",
    label: "Deterministic",
    default: defaultConfig.compute.deterministic,
    help:
      "Strict arithmetic and plain kernels, somewhat slower. On the CPU, one browser engine gives the same weights, to the " +
      "bit, on every machine; engines may differ in the last bit of a logarithm, a power or a cosine.",
  },
} as const satisfies Hyperparameters;

/** A limit of a run; 0 is none. */
const limit = (label: string, slider: readonly [number, number], help: string) =>
  ({
    kind: "number",
    label,
    default: 0,
    min: 0,
    max: 1_000_000_000,
    slider,
    scale: "log",
    integer: true,
    help,
  }) as const satisfies NumberParameter;

export const stoppingFields = {
  steps: limit("Steps", [100, 100_000], "Optimizer steps after which the run stops; 0 is no limit."),
  epochs: limit("Epochs", [1, 1000], "Epochs after which the run stops; 0 is no limit."),
  seconds: {
    ...limit("Seconds", [1, 3600], "Seconds of training after which the run stops, pauses left out; 0 is no limit."),
    max: 1_000_000,
  },
  patience: {
    ...limit(
      "Patience",
      [1, 100],
      "Epochs without a better validation loss after which the run stops and the best weights come back; 0 is never.",
    ),
    max: 1_000_000,
  },
  minDelta: {
    kind: "number",
    label: "Least gain",
    default: defaultConfig.stopping.minDelta,
    min: 0,
    max: 1_000_000,
    slider: [1e-6, 1],
    scale: "log",
    help: "A validation loss counts as better when it is lower than the best one by more than this.",
  },
} as const satisfies Hyperparameters;
