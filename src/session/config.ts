import * as datasets from "../data/index.ts";
import type { TableChoices } from "../data/table.ts";
import * as activations from "../engine/activations/index.ts";
import * as initializers from "../engine/initializers/index.ts";
import * as losses from "../engine/losses/index.ts";
import * as optimizers from "../engine/optimizers/index.ts";
import { type ChoiceOf, defaultsOf } from "../lib/hyperparameters.ts";

/** The registries that a configuration chooses from. */
export { activations, datasets, initializers, losses, optimizers };

/** A file of the user's: opened in the page, or read from `path` by the headless trainer. */
export interface FileData extends TableChoices {
  readonly kind: "file";
  /** Path, relative to the configuration, for the headless trainer; the file's name in the page. */
  readonly path: string;
}

/** What every kind of data has: which examples are drawn and how they are split. The test split takes the rest. */
export interface SplitChoices {
  /** Seeds the examples, their noise, and which of them go into which split. */
  readonly seed: number;
  /** Fractions of the examples. */
  readonly train: number;
  readonly validation: number;
}

export type DataConfig = (ChoiceOf<typeof datasets> | FileData) & SplitChoices;
export type OptimizerConfig = ChoiceOf<typeof optimizers>;
export type LossConfig = ChoiceOf<typeof losses>;
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
}

export type DeviceChoice = "auto" | "webgpu" | "cpu";
export type Order = "shuffled" | "sequential";
export type Precision = "f32";

export interface ComputeConfig {
  readonly device: DeviceChoice;
  readonly precision: Precision;
  /** Examples per step; more than there are means all of them. */
  readonly batchSize: number;
  readonly order: Order;
  /** Seeds the order of the batches. */
  readonly seed: number;
  /** Strict arithmetic and plain kernels: on the CPU the same weights, to the bit, on every machine. */
  readonly deterministic: boolean;
}

/** Everything that a run depends on: five ingredients, one part each. */
export interface RunConfig {
  readonly version: 1;
  readonly data: DataConfig;
  readonly model: ModelConfig;
  readonly loss: LossConfig;
  readonly optimizer: OptimizerConfig;
  readonly compute: ComputeConfig;
}

/** The run that a first visit sees. */
export const defaultConfig: RunConfig = {
  version: 1,
  data: { kind: "spirals", ...defaultsOf(datasets.spirals.hyperparameters), seed: 5, train: 0.7, validation: 0.15 },
  model: {
    kind: "mlp",
    layers: [
      { width: 16, activation: "tanh" },
      { width: 16, activation: "tanh" },
    ],
    initializer: { kind: "xavierUniform", ...defaultsOf(initializers.xavierUniform.hyperparameters) },
    seed: 1,
  },
  loss: { kind: "cross-entropy", ...defaultsOf(losses["cross-entropy"].hyperparameters) },
  optimizer: { kind: "adamw", ...defaultsOf(optimizers.adamw.hyperparameters) },
  compute: { device: "auto", precision: "f32", batchSize: 32, order: "shuffled", seed: 1, deterministic: false },
};
