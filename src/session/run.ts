import type { PreparedData } from "../data/prepare.ts";
import type { Device, Machine } from "../devices/device.ts";
import { compileRun, type ProgramName, type RunPlan } from "../engine/compile.ts";
import { controlRow, initialControl } from "../engine/control.ts";
import { countParameters } from "../engine/parameters.ts";
import { type Split, splits } from "../engine/programs/context.ts";
import type { TriedMove } from "../engine/programs/moves.ts";
import { keyOf } from "../lib/philox.ts";
import type { RunConfig } from "./config.ts";
import type { Measurements } from "./measurements.ts";
import { createMeter, type Meter } from "./meter.ts";
import { measureRanges } from "./ranges.ts";
import { controlsOf, firstLossScale } from "./runControls.ts";
import {
  type Evaluated,
  evaluateSplit,
  lossSettings,
  predict,
  predictFor,
  type SplitEvaluation,
  writeSettings,
} from "./runEvaluation.ts";
import {
  type Loaded,
  readLasting,
  readParameters,
  type Snapshot,
  writeLasting,
  writeParameters,
  writeStart,
} from "./runMemory.ts";
import { type MoveValues, tryMove } from "./runMoves.ts";
import { runRows, startClock, writeAll } from "./runPrograms.ts";
import {
  changedBy,
  expectFittingLoss,
  fieldThatNeedsProgram,
  MAX_STEPS,
  type RunChange,
  runShape,
} from "./runShape.ts";
import { type StepRows, stepRows } from "./stepRows.ts";
import { type Batches, batchColumn, stepBatches, stepTables, withExamples } from "./stepTable.ts";
import { type NamedTensor, RunError } from "./weights.ts";

export { MAX_STEPS, type Snapshot };

export interface RunOptions {
  readonly config: RunConfig;
  readonly data: PreparedData;
  readonly device: Device;
  /** Inputs of `predict`, (G, I). */
  readonly probe: Float32Array;
  /** Copies that train side by side; replica r has all seeds r higher. */
  readonly replicas?: number;
}

/** Compiles a configuration for a device, uploads the data, and sets the initial weights. Throws a `RunError`. */
export async function createRun(options: RunOptions): Promise<Run> {
  const { config, data, device, probe, replicas = 1 } = options;
  expectFittingLoss(config, data);
  const { storesHalf = false } = device;
  const probeCount = probe.length / data.inputWidth;
  const plan = compileRun(runShape(config, data, { replicas, probeCount, storesHalf }));
  const machine = await device.load(plan.plan);
  const run = new Run(options, plan, machine);
  run.reset();
  await machine.ready;
  return run;
}

/** One training run on one device. What it enqueues happens in order; only results are waited for. */
export class Run {
  readonly parameterCount: number;
  readonly plan: RunPlan;
  /** Examples of each micro-batch. */
  readonly batchSize: number;
  readonly #machine: Machine<ProgramName>;
  readonly #options: RunOptions;
  readonly #replicas: number;
  readonly #meter: Meter;
  #config: RunConfig;
  #step = 0;
  /** Of the last step that is done. */
  #lossScale = 1;

  constructor(options: RunOptions, plan: RunPlan, machine: Machine<ProgramName>) {
    const { config, data, probe } = options;
    this.#options = options;
    this.#machine = machine;
    this.#replicas = plan.plan.replicas;
    this.#config = config;
    this.plan = plan;
    this.#meter = createMeter(plan, machine);
    this.batchSize = Math.min(config.compute.batchSize, data.splits.train.count);
    this.parameterCount = countParameters(plan.specs);
    for (const split of splits) {
      machine.write(plan.data[split].inputs, data.splits[split].inputs);
      machine.write(plan.data[split].targets, data.splits[split].targets);
    }
    machine.write(plan.probe.inputs, probe);
    for (let replica = 0; replica < this.#replicas; replica++) {
      machine.write(plan.tables.orderKey, keyOf(config.compute.seed + replica), { replica });
    }
  }

  /** Steps enqueued so far. */
  get step(): number {
    return this.#step;
  }

  /** Steps that see every example once; with accumulation the last one may reach into the next epoch. */
  get stepsPerEpoch(): number {
    const batches = Math.ceil(this.#options.data.splits.train.count / this.batchSize);
    return Math.ceil(batches / this.#options.config.compute.accumulation);
  }

  /** New values from the next step on. Throws a `RunError` where they need another program; see `fieldThatNeedsProgram`. */
  adjust(change: RunChange): void {
    const after = changedBy(this.#config, change);
    const field = fieldThatNeedsProgram(this.#options.config, after);
    if (field !== undefined)
      throw new RunError(`${field}: got a value that this run's program was not compiled for. Start the run anew.`);
    // Throws before anything has changed where they do not fit the data
    const settings = lossSettings({ config: after, data: this.#options.data });
    this.#config = after;
    this.#writeControls();
    writeSettings(this.#loaded, settings);
  }

  /** Back to step 0 with the initial weights; hyperparameters stay as they are. */
  reset(): void {
    this.#step = 0;
    this.#meter.reset();
    writeStart(this.#loaded, this.#config.model, this.#firstControl);
    writeSettings(this.#loaded, lossSettings(this.#evaluated));
  }

  /** Enqueues up to `MAX_STEPS` training steps and resolves with their rows (of the first replica) when they are done. */
  async trainSteps(count: number): Promise<StepRows> {
    const first = this.#step + 1;
    this.#step += count;
    const range = { first, count, replicas: this.#replicas, batches: this.#batches };
    const { learningRates, batches, scalars } = stepTables(this.#config, range);
    this.#machine.write(this.plan.tables.batches, batches);
    this.#machine.write(this.plan.tables.scalars, scalars);
    const metrics = await runRows(this.#loaded, "step", count);
    const rows = stepRows(metrics, {
      ...{ replicas: this.#replicas, first, learningRates, tensors: this.plan.specs.map(({ name }) => name) },
      batches,
    });
    this.#lossScale = rows.lossScale.at(-1) ?? 1;
    return rows;
  }

  /** Mean loss and accuracy over a split, with the weights as they are once everything enqueued before is done. */
  evaluate(split: Split): Promise<SplitEvaluation> {
    return evaluateSplit(this.#evaluated, split);
  }

  /** The model's outputs for the probe inputs, of the first replica: (G, C) logits, or (G, O) targets of a regression. */
  predict(): Promise<Float32Array> {
    return predict(this.#evaluated);
  }

  /** As `predict`, for other inputs (N, I). */
  predictFor(inputs: Float32Array): Promise<Float32Array> {
    return predictFor(this.#evaluated, inputs, this.#options.probe);
  }

  /** Keeps the weights and gradients of now, so that `measure` one step later can compare itself with them. */
  remember(): void {
    this.#meter.remember({ step: this.#step, lossScale: this.#lossScale });
  }

  /** Measures the first replica as it stands. To be called when no steps are in flight. */
  async measure(): Promise<Measurements> {
    const batches = stepBatches({ first: Math.max(1, this.#step), count: 1, batches: this.#batches });
    const rows = this.plan.measured[0]?.outputs.shape[0] ?? 0;
    this.#machine.write(this.plan.tables.batches, withExamples(batches, rows, this.#batches.examples));
    startClock(this.#loaded);
    const at = { step: this.#step, lossScale: this.#lossScale };
    const measured = this.#meter.measure(at, [...batchColumn(batches, "count")]);
    // Enqueued after everything that `measured` reads
    this.#machine.write(this.plan.tables.batches, batches);
    const ranges = measureRanges(this.plan, this.#machine);
    const [measurements, known] = await Promise.all([measured, ranges]);
    return known === undefined ? measurements : { ...measurements, ranges: known };
  }

  /** The weights by their names in PyTorch's `state_dict`. */
  readParameters(replica = 0): Promise<Map<string, NamedTensor>> {
    return readParameters(this.#loaded, replica);
  }

  /** Sets the weights of all replicas. Throws a `RunError` that names the first tensor that is missing, new or misshapen. */
  writeParameters(weights: ReadonlyMap<string, NamedTensor>): void {
    writeParameters(this.#loaded, weights);
  }

  /** Sets some of the weights, all of which must fit; the others stay. */
  async writeSome(weights: ReadonlyMap<string, NamedTensor>): Promise<void> {
    this.writeParameters(new Map([...(await this.readParameters()), ...weights]));
  }

  /** Reads all that is needed to go on elsewhere. */
  async snapshot(): Promise<Snapshot> {
    const { precision } = this.#config.compute;
    return { step: this.#step, precision, tensors: await readLasting(this.#loaded) };
  }

  /**
   * Goes on from a snapshot of a run with the same parameters, steered by the values of now. Throws a `RunError` where its
   * parameters are others.
   */
  restore({ step, precision, tensors }: Snapshot): void {
    // Another precision has another loss scale
    const isSame = precision === this.#config.compute.precision;
    const kept = isSame ? tensors : new Map([...tensors].filter(([name]) => name !== this.plan.tables.control.name));
    writeLasting(this.#loaded, kept, this.#firstControl);
    this.#step = step;
    this.#meter.reset();
    this.#writeControls();
  }

  /** Tries a move of the next step, and changes nothing of the training. To be called when no steps are in flight. */
  async tryMove(move: TriedMove): Promise<MoveValues> {
    const step = this.#step + 1;
    const batches = stepBatches({ first: step, count: 1, batches: this.#batches });
    this.#machine.write(this.plan.tables.batches, batches);
    startClock(this.#loaded);
    const counts = [...batchColumn(batches, "count")];
    return { move, step, tensors: await tryMove(this.#loaded, { move, counts }) };
  }

  dispose(): void {
    this.#machine.dispose();
  }

  /** What steers the steps, before the first. */
  get #firstControl(): Float32Array {
    return initialControl(controlsOf(this.#config), firstLossScale(this.#config));
  }

  get #loaded(): Loaded {
    return { plan: this.plan, machine: this.#machine };
  }

  get #batches(): Batches {
    const { data, config } = this.#options;
    const { accumulation, order } = config.compute;
    const { count } = data.splits.train;
    return { examples: count, batchSize: this.batchSize, accumulation, isShuffled: order === "shuffled" };
  }

  get #evaluated(): Evaluated {
    return { loaded: this.#loaded, config: this.#config, data: this.#options.data };
  }

  #writeControls(): void {
    writeAll(this.#loaded, this.plan.tables.control, controlRow(controlsOf(this.#config)));
  }
}
