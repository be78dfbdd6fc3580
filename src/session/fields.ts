import type { Dataset } from "../data/dataset.ts";
import type { ColumnType } from "../data/table.ts";
import { sharedFields as scheduleFields } from "../engine/schedules/schedule.ts";
import { defaultsOf, type Hyperparameters, type Registry } from "../lib/hyperparameters.ts";
import { clippings, datasets, defaultConfig, initializers, losses, optimizers, schedules } from "./config.ts";
import { choice, dataFields, lossFields, optimizerFields } from "./partFields.ts";

/**
 * The configuration described field by field, derived from the registries: what `check.ts` accepts, `url.ts` reads and
 * writes, and `schema.ts` publishes.
 */

export {
  computeFields,
  dataFields,
  layerFields,
  lossFields,
  MAX_LAYERS,
  MAX_WIDTH,
  modelFields,
  optimizerFields,
  stoppingFields,
} from "./partFields.ts";

/** Longest path or column name, in UTF-16 units. */
export const MAX_TEXT = 4096;

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

export interface RegistryField {
  readonly registry: Registry;
  readonly defaultKind: string;
  /** Fields that every member has besides its hyperparameters; a member's own of the same name comes first. */
  readonly shared: Hyperparameters;
  /** Fields of every member that are a choice from another registry. */
  readonly nested?: Readonly<Record<string, RegistryField>>;
}

const schedule: RegistryField = {
  registry: schedules,
  defaultKind: defaultConfig.optimizer.schedule.kind,
  shared: scheduleFields,
};
const clipping: RegistryField = {
  registry: clippings,
  defaultKind: defaultConfig.optimizer.clipping.kind,
  shared: {},
};

/** The registries by the part of the configuration that chooses from them, with the kind that a missing one means. */
export const registries = {
  data: { registry: datasets, defaultKind: defaultConfig.data.kind, shared: dataFields },
  initializer: { registry: initializers, defaultKind: defaultConfig.model.initializer.kind, shared: {} },
  loss: { registry: losses, defaultKind: defaultConfig.loss.kind, shared: lossFields },
  optimizer: {
    registry: optimizers,
    defaultKind: defaultConfig.optimizer.kind,
    shared: optimizerFields,
    nested: { schedule, clipping },
  },
  schedule,
  clipping,
} as const satisfies Readonly<Record<string, RegistryField>>;

/** A registry's place in the configuration. */
export const placeOfRegistry: Readonly<Record<keyof typeof registries, readonly string[]>> = {
  data: ["data"],
  initializer: ["model", "initializer"],
  loss: ["loss"],
  optimizer: ["optimizer"],
  schedule: ["optimizer", "schedule"],
  clipping: ["optimizer", "clipping"],
};

/** All plain fields of one member: its own hyperparameters, then the shared ones; none for a kind that is not there. */
export function fieldsOf({ registry, shared }: RegistryField, kind: string): Hyperparameters {
  const own = Object.hasOwn(registry, kind) ? registry[kind]?.hyperparameters : undefined;
  // Own ones once more, for a member that has a shared field in a way of its own.
  return { ...own, ...shared, ...own };
}

/** One member with its values, as the configuration has it. */
export type Member = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** One member with its defaults. */
export function defaultMember(field: RegistryField, kind: string): Member {
  const nested = Object.entries(field.nested ?? {}).map(([name, inner]) => [
    name,
    defaultMember(inner, inner.defaultKind),
  ]);
  return { kind, ...defaultsOf(fieldsOf(field, kind)), ...Object.fromEntries(nested) };
}

/** The losses that are meant where none is given, the commonest of their task. */
const usualLosses: readonly string[] = [defaultConfig.loss.kind, "mse"];

/** The kind of the loss that is meant for a task: the usual one, else the first that fits. */
export function lossFor(task: string): string | undefined {
  const fitting = Object.entries(losses).flatMap(([kind, loss]) => (loss.task === task ? [kind] : []));
  return usualLosses.find((kind) => fitting.includes(kind)) ?? fitting[0];
}

/** What a generated data set asks of the model; unknown for a file that nobody has read yet. */
export const taskOfData = (kind: string): string | undefined =>
  Object.hasOwn(datasets, kind)
    ? (datasets as Readonly<Record<string, { readonly task: string }>>)[kind]?.task
    : undefined;

/** What a loss must fit: the task of some data and, where it is known, the number of its classes. */
export interface AskedOfLoss {
  readonly task: string;
  readonly classes?: number | undefined;
}

/** What generated data asks of a loss; unknown for a file that nobody has read yet. */
export function askedByData(data: { readonly kind: string }): AskedOfLoss | undefined {
  const task = taskOfData(data.kind);
  if (task === undefined) return undefined;
  const definition: Dataset | undefined = (datasets as Readonly<Record<string, Dataset>>)[data.kind];
  // Data that is not checked yet may lack a value: then the number is none
  const classes = definition?.classes?.(data as never);
  return Number.isInteger(classes) ? { task, classes } : { task };
}

/** The kind of the loss that is meant for some data where none is named. */
export const usualLoss = (dataKind: string): string =>
  lossFor(taskOfData(dataKind) ?? "") ?? registries.loss.defaultKind;
