import * as datasets from "../data/index.ts";
import type { TableChoices } from "../data/table.ts";
import * as activations from "../engine/activations/index.ts";
import * as clippings from "../engine/clipping/index.ts";
import * as initializers from "../engine/initializers/index.ts";
import * as losses from "../engine/losses/index.ts";
import * as optimizers from "../engine/optimizers/index.ts";
import * as schedules from "../engine/schedules/index.ts";
import { type BatchScaling, defaultSchedule, type ScheduleConfig } from "../engine/schedules/schedule.ts";
import { type ChoiceOf, defaultsOf } from "../lib/hyperparameters.ts";

/** The registries that a configuration chooses from. */
export { activations, clippings, datasets, initializers, losses, optimizers, schedules };

/** A file of the user's: opened in the page, or read from `path` by the headless trainer. */
export interface FileData extends TableChoices {
  readonly kind: "file";
  /** Path, relative to the configuration, for the headless trainer; the file's name in the page. */
  readonly path: string;
}

/**
 * What every kind of data has: which examples are drawn, how they are split, and what is spoilt on purpose. The test
 * split takes the rest.
 */
export interface DataChoices {
  /** Seeds the examples, their noise, and which of them go into which split. */
  readonly seed: number;
  /** Fractions of the examples. */
  readonly train: number;
  readonly validation: number;
  /** Fraction of the training split that is trained on; the other splits do not change with it. */
  readonly kept: number;
  /** Fraction of the training examples with a wrong class; regression: standard deviations of noise on the targets. */
  readonly labelNoise: number;
  /** Standard deviation of noise on the training inputs, drawn anew at each step. */
  readonly inputNoise: number;
}

/** What every loss has: penalties l1 · Σ|w| + l2/2 · Σw² over the weight matrices, which the reported loss excludes. */
export interface Penalties {
  readonly l1: number;
  readonly l2: number;
}

/** What every optimizer has: how its learning rate changes, and how gradients are bounded before it sees them. */
export interface OptimizerChoices {
  readonly schedule: ScheduleConfig;
  readonly clipping: ClippingConfig;
  readonly batchScaling: BatchScaling;
  /** The batch size that the learning rate is meant for, where it is scaled with the batch. */
  readonly referenceBatch: number;
}

export type { BatchScaling, ScheduleConfig };
export type ClippingConfig = ChoiceOf<typeof clippings>;
export type DataConfig = (ChoiceOf<typeof datasets> | FileData) & DataChoices;
export type OptimizerConfig = ChoiceOf<typeof optimizers> & OptimizerChoices;
export type LossConfig = ChoiceOf<typeof losses> & Penalties;
export type InitializerConfig = ChoiceOf<typeof initializers>;
export type ActivationKind = keyof typeof activations;

export interface LayerConfig {
  /** Outputs of the layer. */
  readonly width: number;
  readonly activation: ActivationKind;
}

export interface ModelConfig {
  readonly kind: "mlp";
  /** The hidden layers; the output layer follows from the data and has no activation. */
  readonly layers: readonly LayerConfig[];
  readonly initializer: InitializerConfig;
  /** Seeds the initial weights. */
  readonly seed: number;
  /** Probability that an output of a hidden layer is 0 in a training step. */
  readonly dropout: number;
}

export type DeviceChoice = "auto" | "webgpu" | "cpu";
export type Order = "shuffled" | "sequential";
export type Precision = "f32" | "f16" | "bf16";
export type LossScaling = "dynamic" | "none";

export interface ComputeConfig {
  readonly device: DeviceChoice;
  readonly precision: Precision;
  /** How small gradients are kept from vanishing in half precision. */
  readonly lossScaling: LossScaling;
  readonly initialLossScale: number;
  /** Steps without an overflow after which the loss scale doubles. */
  readonly growthInterval: number;
  /** Examples per micro-batch; more than there are means all of them. */
  readonly batchSize: number;
  /** Micro-batches per step. */
  readonly accumulation: number;
  /** Computes activations a second time in the backward pass instead of keeping them. */
  readonly checkpointing: boolean;
  readonly order: Order;
  /** Seeds the order of the batches. */
  readonly seed: number;
  /** Strict arithmetic and plain kernels: on the CPU, in one browser engine, the same weights to the bit on every machine. */
  readonly deterministic: boolean;
}

/** When a run ends by itself; 0 means never. */
export interface StoppingConfig {
  readonly steps: number;
  readonly epochs: number;
  /** Of training, pauses left out. */
  readonly seconds: number;
  /** Epochs without a better validation loss, after which the best weights come back. */
  readonly patience: number;
  /** By how much a validation loss must be below the best one to count as better. */
  readonly minDelta: number;
}

/** Everything that a run depends on: five ingredients, one part each, and when it ends. */
export interface RunConfig {
  readonly version: 1;
  readonly data: DataConfig;
  readonly model: ModelConfig;
  readonly loss: LossConfig;
  readonly optimizer: OptimizerConfig;
  readonly compute: ComputeConfig;
  readonly stopping: StoppingConfig;
}

/** The run that a first visit sees. */
export const defaultConfig: RunConfig = {
  version: 1,
  data: {
    kind: "spirals",
    ...defaultsOf(datasets.spirals.hyperparameters),
    seed: 5,
    train: 0.7,
    validation: 0.15,
    kept: 1,
    labelNoise: 0,
    inputNoise: 0,
  },
  model: {
    kind: "mlp",
    layers: [
      { width: 16, activation: "tanh" },
      { width: 16, activation: "tanh" },
    ],
    initializer: { kind: "xavierUniform", ...defaultsOf(initializers.xavierUniform.hyperparameters) },
    seed: 1,
    dropout: 0,
  },
  loss: { kind: "cross-entropy", ...defaultsOf(losses["cross-entropy"].hyperparameters), l1: 0, l2: 0 },
  optimizer: {
    kind: "adamw",
    ...defaultsOf(optimizers.adamw.hyperparameters),
    batchScaling: "none",
    referenceBatch: 32,
    schedule: defaultSchedule,
    clipping: { kind: "none", ...defaultsOf(clippings.none.hyperparameters) },
  },
  compute: {
    device: "auto",
    precision: "f32",
    lossScaling: "dynamic",
    initialLossScale: 65_536,
    growthInterval: 2000,
    batchSize: 32,
    accumulation: 1,
    checkpointing: false,
    order: "shuffled",
    seed: 1,
    deterministic: false,
  },
  stopping: { steps: 0, epochs: 0, seconds: 0, patience: 0, minDelta: 0 },
};
