import type { ColumnType } from "../data/table.ts";
import { type ChoiceParameter, defaultsOf, type Hyperparameters, type Registry } from "../lib/hyperparameters.ts";
import { activations, datasets, defaultConfig, initializers, losses, optimizers } from "./config.ts";

/**
 * The configuration described field by field, derived from the registries: what `check.ts` accepts, `url.ts` reads and
 * writes, and `schema.ts` publishes.
 */

/** Most hidden layers, and most outputs of one. */
export const MAX_LAYERS = 16;
export const MAX_WIDTH = 8192;
/** Longest path or column name, in UTF-16 units. */
export const MAX_TEXT = 4096;

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
const choice = (label: string, values: readonly string[], first: string, help: string): ChoiceParameter => ({
  kind: "choice",
  label,
  default: first,
  options: Object.fromEntries(values.map((value) => [value, value])),
  help,
});

/** What every kind of data has besides its own hyperparameters. */
export const splitFields = {
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

export const modelFields = { seed: seed("Draws the initial weights.") } as const satisfies Hyperparameters;

export const computeFields = {
  device: choice("Device", ["auto", "webgpu", "cpu"], defaultConfig.compute.device, "`auto` takes the faster one."),
  precision: choice("Precision", ["f32"], defaultConfig.compute.precision, "Of weights, activations and gradients."),
  batchSize: {
    kind: "number",
    label: "Batch size",
    default: defaultConfig.compute.batchSize,
    min: 1,
    max: 65_536,
    scale: "log",
    integer: true,
    help: "Examples per step. More than there are in the training split means all of them.",
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
    help: "Strict arithmetic and plain kernels, somewhat slower: on the CPU the same weights, to the bit, on every machine.",
  },
} as const satisfies Hyperparameters;

/** The types that a column of a file can be given. */
export const columnTypes: readonly ColumnType[] = ["numeric", "categorical", "ignored"];

export const missingPolicies = choice(
  "Missing cells",
  ["impute", "drop"],
  "impute",
  "`impute` fills them with the training split's mean or commonest value, `drop` leaves their rows out.",
);

/** What data from a file is made of besides the split; an empty target means the one that the reader proposes. */
export const fileDefaults = { target: "", types: {}, missing: missingPolicies.default } as const;

/** The registries by the part of the configuration that chooses from them, with the kind that a missing one means. */
export const registries: Readonly<Record<"data" | "initializer" | "loss" | "optimizer", RegistryField>> = {
  data: { registry: datasets, defaultKind: defaultConfig.data.kind, shared: splitFields },
  initializer: { registry: initializers, defaultKind: defaultConfig.model.initializer.kind, shared: {} },
  loss: { registry: losses, defaultKind: defaultConfig.loss.kind, shared: {} },
  optimizer: { registry: optimizers, defaultKind: defaultConfig.optimizer.kind, shared: {} },
};

export interface RegistryField {
  readonly registry: Registry;
  readonly defaultKind: string;
  /** Fields that every member has besides its hyperparameters. */
  readonly shared: Hyperparameters;
}

/** All fields of one member: its own hyperparameters, then the shared ones; none for a kind that is not there. */
export function fieldsOf({ registry, shared }: RegistryField, kind: string): Hyperparameters {
  const member = Object.hasOwn(registry, kind) ? registry[kind] : undefined;
  return { ...member?.hyperparameters, ...shared };
}

/** One member with its defaults. */
export const defaultMember = (field: RegistryField, kind: string) => ({ kind, ...defaultsOf(fieldsOf(field, kind)) });

/** The kind of the first loss that fits a task. */
export const lossFor = (task: string): string | undefined =>
  Object.entries(losses).find(([, loss]) => loss.task === task)?.[0];

/** What a generated data set asks of the model; unknown for a file that nobody has read yet. */
export const taskOfData = (kind: string): string | undefined =>
  Object.hasOwn(datasets, kind)
    ? (datasets as Readonly<Record<string, { readonly task: string }>>)[kind]?.task
    : undefined;
