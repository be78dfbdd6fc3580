import type { PreparedData } from "../data/prepare.ts";
import { type Loss, lossNeeds } from "../engine/losses/loss.ts";
import type { Optimizer } from "../engine/optimizers/optimizer.ts";
import type { RunShape } from "../engine/programs/context.ts";
import { type Definition, sameValue, type Values } from "../lib/hyperparameters.ts";
import { memberOf } from "../lib/registry.ts";
import {
  type LossConfig,
  losses,
  type ModelConfig,
  type OptimizerConfig,
  optimizers,
  type RunConfig,
} from "./config.ts";
import { RunError } from "./weights.ts";

/** Steps that one submission can have at most. */
export const MAX_STEPS = 512;

export const lossOf = ({ loss }: Pick<RunConfig, "loss">): Loss => memberOf(losses, loss.kind);
export const optimizerOf = ({ optimizer }: Pick<RunConfig, "optimizer">): Optimizer =>
  memberOf(optimizers, optimizer.kind);

/** The hyperparameters of a chosen member, and nothing else of the choice. */
export function valuesOf({ hyperparameters }: Definition, choice: OptimizerConfig | LossConfig): Values {
  const values: Readonly<Record<string, unknown>> = { ...choice };
  return Object.fromEntries(Object.keys(hyperparameters).map((name) => [name, values[name]])) as Values;
}

/**
 * The loss's own numbers for a model with that many outputs.
 *
 * @param targets of a split, where it is evaluated.
 * @throws RunError where a value does not fit the data.
 */
export function settingsOf(config: Pick<RunConfig, "loss">, outputs: number, targets?: Float32Array): Float32Array {
  const loss = lossOf(config);
  try {
    return Float32Array.from(loss.settings(valuesOf(loss, config.loss) as never, outputs, targets));
  } catch (error) {
    throw error instanceof RangeError ? new RunError(error.message) : error;
  }
}

/** What is in a program or is not, so that what is switched off costs nothing. */
function switchesOf({ loss, model, data }: RunConfig) {
  return { penalized: loss.l1 > 0 || loss.l2 > 0, dropout: model.dropout > 0, inputNoise: data.inputNoise > 0 };
}

/** What can change while a run goes on, as far as its program allows; what is left out stays. */
export interface RunChange {
  readonly optimizer?: OptimizerConfig;
  readonly loss?: LossConfig;
  readonly model?: Pick<ModelConfig, "dropout">;
  readonly data?: Pick<RunConfig["data"], "inputNoise">;
}

/** The configuration with the changes in it. */
export const changedBy = (config: RunConfig, { optimizer, loss, model, data }: RunChange): RunConfig => ({
  ...config,
  ...(optimizer && { optimizer }),
  ...(loss && { loss }),
  model: { ...config.model, ...model },
  data: { ...config.data, ...data },
});

/**
 * The first field that a program compiled for `compiled` cannot change to what `after` has: another kind, a structural
 * hyperparameter, or something that was switched off. `undefined` where the run can go on with `after`. Compares the
 * optimizer, the loss, dropout and input noise.
 */
export function fieldThatNeedsProgram(compiled: RunConfig, after: RunConfig): string | undefined {
  const before = switchesOf(compiled);
  const now = switchesOf(after);
  if (now.penalized && !before.penalized) return after.loss.l1 > 0 ? "loss.l1" : "loss.l2";
  if (now.dropout && !before.dropout) return "model.dropout";
  if (now.inputNoise && !before.inputNoise) return "data.inputNoise";
  return (
    changedStructure("optimizer", optimizerOf(compiled), compiled.optimizer, after.optimizer) ??
    changedStructure("loss", lossOf(compiled), compiled.loss, after.loss)
  );
}

function changedStructure<Choice extends OptimizerConfig | LossConfig>(
  name: string,
  definition: Definition,
  before: Choice,
  after: Choice,
): string | undefined {
  if (before.kind !== after.kind) return `${name}.kind`;
  const [was, is] = [valuesOf(definition, before), valuesOf(definition, after)];
  const changed = Object.entries(definition.hyperparameters).find(
    ([field, { structural }]) => structural && !sameValue(was[field], is[field]),
  );
  return changed && `${name}.${changed[0]}`;
}

/** Throws a `RunError` where the loss is not one for the data. */
export function expectFittingLoss({ loss: { kind } }: RunConfig, { task, outputs }: PreparedData): void {
  const data = { task, classes: outputs };
  const needed = lossNeeds(memberOf(losses, kind), data);
  if (needed === undefined) return;
  const fitting = Object.entries(losses).filter(([, loss]) => lossNeeds(loss, data) === undefined);
  throw new RunError(
    `loss.kind: got "${kind}", which needs ${needed}, expected a loss for ${task} with ${outputs} ` +
      `${task === "classification" ? "classes" : "targets"}: ${fitting.map(([name]) => name).join(", ")}. ` +
      "Choose another loss or target.",
  );
}

export interface ShapeOptions {
  readonly replicas: number;
  /** Inputs of the `predict` program. */
  readonly probeCount: number;
  /** Whether the device stores numbers of 16 bits; no if left out. */
  readonly storesHalf?: boolean;
}

/** What a configuration and its data are compiled from. */
export function runShape(
  config: RunConfig,
  data: PreparedData,
  { replicas, probeCount, storesHalf = false }: ShapeOptions,
): RunShape {
  const { train, validation, test } = data.splits;
  const loss = lossOf(config);
  const optimizer = optimizerOf(config);
  const outputs = loss.outputsFor(data.outputs);
  return {
    model: { inputs: data.inputWidth, layers: config.model.layers, outputs },
    ...{ loss, optimizer, optimizerValues: valuesOf(optimizer, config.optimizer) },
    settingCount: settingsOf(config, outputs).length,
    targetWidth: data.targetWidth,
    counts: { train: train.count, validation: validation.count, test: test.count },
    batchSize: config.compute.batchSize,
    accumulation: config.compute.accumulation,
    ...{ checkpointing: config.compute.checkpointing, precision: config.compute.precision },
    ...switchesOf(config),
    ...{ storesHalf, replicas, maxSteps: MAX_STEPS, probeCount: Math.max(1, probeCount) },
  };
}
