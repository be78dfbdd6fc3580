import type { PreparedData } from "../data/prepare.ts";
import type { Device, Machine } from "../devices/device.ts";
import { compileRun, type ProgramName, type RunPlan } from "../engine/compile.ts";
import { elements, type Tensor } from "../engine/graph/tensor.ts";
import type { Optimizer } from "../engine/optimizers/optimizer.ts";
import { countParameters } from "../engine/parameters.ts";
import { metricsColumns } from "../engine/probes.ts";
import { type Split, splits } from "../engine/programs/context.ts";
import type { Values } from "../lib/hyperparameters.ts";
import { memberOf } from "../lib/registry.ts";
import { losses, optimizers, type RunConfig } from "./config.ts";
import { type MetricName, metricsColumn, type StepRows, stepRows } from "./stepRows.ts";
import { type BatchPlace, batchOfStep, batchRows, scalarRows } from "./stepTable.ts";
import { expectFitting, initialWeights, type NamedTensor, RunError } from "./weights.ts";

/** Steps that one submission can have at most. */
export const MAX_STEPS = 512;
/** Of a larger training split, a random sample of this many examples is evaluated: it has a curve of its own anyway. */
const MAX_TRAIN_EVALUATION = 8192;

/** All that a run is at a moment: on any device, it goes on from here as if nothing had happened. */
export interface Snapshot {
  readonly step: number;
  /** Parameters, then the optimizer's state: per tensor, per replica. */
  readonly tensors: readonly (readonly Float32Array[])[];
}

export interface RunOptions {
  readonly config: RunConfig;
  readonly data: PreparedData;
  readonly device: Device;
  /** Inputs of `predict`, (G, I). */
  readonly probe: Float32Array;
  /** Copies that train side by side; replica r has all seeds r higher. */
  readonly replicas?: number;
}

/** Compiles a configuration for a device, uploads the data, and sets the initial weights. */
export async function createRun(options: RunOptions): Promise<Run> {
  const { config, data, device, probe, replicas = 1 } = options;
  const loss = memberOf(losses, config.loss.kind);
  if (loss.task !== data.task) {
    const fitting = Object.entries(losses).filter(([, { task }]) => task === data.task);
    throw new RunError(
      `loss.kind: got "${config.loss.kind}", a loss for ${loss.task}, expected one for ${data.task}: ` +
        `${fitting.map(([kind]) => kind).join(", ")}. Choose another loss or target.`,
    );
  }
  const plan = compileRun({
    model: { inputs: data.inputWidth, layers: config.model.layers, outputs: data.outputs },
    loss,
    optimizer: memberOf(optimizers, config.optimizer.kind),
    targetWidth: data.targetWidth,
    counts: countsOf(data),
    batchSize: config.compute.batchSize,
    replicas,
    maxSteps: MAX_STEPS,
    probeCount: Math.max(1, probe.length / data.inputWidth),
  });
  const run = new Run(options, plan, await device.load(plan.plan));
  run.reset();
  return run;
}

const countsOf = ({ splits: { train, validation, test } }: PreparedData) => ({
  train: train.count,
  validation: validation.count,
  test: test.count,
});

/** One training run on one device. What it enqueues happens in order; only results are waited for. */
export class Run {
  readonly parameterCount: number;
  readonly plan: RunPlan;
  readonly batchSize: number;
  readonly #machine: Machine<ProgramName>;
  readonly #options: RunOptions;
  readonly #replicas: number;
  readonly #optimizer: Optimizer;
  #values: Values;
  #step = 0;

  constructor(options: RunOptions, plan: RunPlan, machine: Machine<ProgramName>) {
    const { config, data, probe } = options;
    this.#options = options;
    this.#machine = machine;
    this.#replicas = plan.plan.replicas;
    this.#optimizer = memberOf(optimizers, config.optimizer.kind);
    this.#values = config.optimizer;
    this.plan = plan;
    this.batchSize = Math.min(config.compute.batchSize, data.splits.train.count);
    this.parameterCount = countParameters(plan.specs);
    for (const split of splits) {
      machine.write(plan.data[split].inputs, data.splits[split].inputs);
      machine.write(plan.data[split].targets, data.splits[split].targets);
    }
    machine.write(plan.probe.inputs, probe);
    this.#eachReplica((replica) => {
      const seed = config.compute.seed + replica;
      machine.write(plan.tables.orderKey, Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32)), { replica });
    });
  }

  /** Steps enqueued so far. */
  get step(): number {
    return this.#step;
  }

  get stepsPerEpoch(): number {
    return Math.ceil(this.#options.data.splits.train.count / this.batchSize);
  }

  /** New hyperparameters for the optimizer, from the next step on. */
  adjust(values: Values): void {
    this.#values = { ...this.#values, ...values };
  }

  /** Back to step 0 with the initial weights; hyperparameters stay as they are. */
  reset(): void {
    const { config } = this.#options;
    this.#step = 0;
    this.#eachReplica((replica) => {
      const weights = initialWeights(this.plan.specs, config.model, replica);
      for (const [name, tensor] of this.plan.parameters.slices) {
        this.#machine.write(tensor, weights.get(name) ?? new Float32Array(elements(tensor.shape)), { replica });
      }
      for (const tensor of this.plan.state) {
        this.#machine.write(tensor, new Float32Array(elements(tensor.shape)), { replica });
      }
    });
  }

  /** Enqueues up to `MAX_STEPS` training steps and resolves with their rows (of the first replica) when they are done. */
  async trainSteps(count: number): Promise<StepRows> {
    const { config, data } = this.#options;
    const first = this.#step + 1;
    this.#step += count;
    const places = Array.from({ length: count }, (_, index) =>
      batchOfStep(first + index, data.splits.train.count, this.batchSize),
    );
    const values = this.#values;
    const replicas = Array.from({ length: this.#replicas }, () => values);
    this.#machine.write(this.plan.tables.batches, batchRows(places, config.compute.order === "shuffled"));
    this.#machine.write(this.plan.tables.scalars, scalarRows(this.#optimizer, replicas, { first, steps: count }));
    const metrics = await this.#runRows("step", count);
    const tensors = this.plan.specs.map(({ name }) => name);
    return stepRows(metrics, {
      replicas: this.#replicas,
      first,
      places,
      tensors,
      learningRate: Number(values.learningRate),
    });
  }

  /** Mean loss and accuracy over a split, with the weights as they are once everything enqueued before is done. */
  async evaluate(split: Split): Promise<{ readonly loss: number; readonly accuracy: number | undefined }> {
    const { data } = this.#options;
    const all = data.splits[split].count;
    const count = split === "train" ? Math.min(all, MAX_TRAIN_EVALUATION) : all;
    const rows = this.plan.evaluationBatch[split];
    const pending: Promise<Float32Array>[] = [];
    for (let done = 0; done < count; done += rows * MAX_STEPS) {
      const places: BatchPlace[] = [];
      for (let start = done; start < Math.min(count, done + rows * MAX_STEPS); start += rows) {
        places.push({ epoch: 0, start, count: Math.min(rows, count - start) });
      }
      this.#machine.write(this.plan.tables.batches, batchRows(places, count < all));
      pending.push(this.#runRows(`evaluate-${split}`, places.length));
    }
    const metrics = (await Promise.all(pending)).flatMap((part) => [...part]);
    const sum = (name: MetricName) =>
      metricsColumn(metrics, this.#replicas, name).reduce((total, value) => total + value, 0);
    const loss = sum("loss") / count;
    return { loss, accuracy: data.task === "classification" ? sum("hits") / count : undefined };
  }

  /** The model's outputs for the probe inputs, (G, O), of the first replica. */
  predict(): Promise<Float32Array> {
    this.#machine.run("predict", 1);
    return this.#machine.read(this.plan.probe.outputs);
  }

  /** The weights by their names in PyTorch's `state_dict`. */
  async readParameters(replica = 0): Promise<Map<string, NamedTensor>> {
    const entries = [...this.plan.parameters.slices].map(
      async ([name, tensor]): Promise<[string, NamedTensor]> => [
        name,
        { shape: tensor.shape, values: await this.#machine.read(tensor, { replica }) },
      ],
    );
    return new Map(await Promise.all(entries));
  }

  /** Sets the weights of all replicas. Throws a `RunError` that names the first tensor that is missing, new or misshapen. */
  writeParameters(weights: ReadonlyMap<string, NamedTensor>): void {
    expectFitting(this.plan.parameters.slices, weights);
    for (const [name, tensor] of this.plan.parameters.slices) {
      const { values } = weights.get(name) ?? { values: new Float32Array() };
      this.#eachReplica((replica) => this.#machine.write(tensor, values, { replica }));
    }
  }

  /** Reads all that is needed to go on elsewhere. */
  async snapshot(): Promise<Snapshot> {
    const step = this.#step;
    const replicas = Array.from({ length: this.#replicas }, (_, replica) => replica);
    const tensors = this.#lasting.map((tensor) =>
      Promise.all(replicas.map((replica) => this.#machine.read(tensor, { replica }))),
    );
    return { step, tensors: await Promise.all(tensors) };
  }

  /** Goes on from a snapshot of the same configuration. */
  restore({ step, tensors }: Snapshot): void {
    this.#step = step;
    this.#lasting.forEach((tensor, index) => {
      for (const [replica, values] of (tensors[index] ?? []).entries())
        this.#machine.write(tensor, values, { replica });
    });
  }

  dispose(): void {
    this.#machine.dispose();
  }

  get #lasting(): readonly Tensor[] {
    return [this.plan.parameters.arena, ...this.plan.state];
  }

  /** Runs a program from row 0 of the tables and reads the rows of metrics that it wrote. */
  #runRows(program: ProgramName, count: number): Promise<Float32Array> {
    const start = Uint32Array.of(0, 0);
    this.#eachReplica((replica) => this.#machine.write(this.plan.tables.clock, start, { replica }));
    this.#machine.run(program, count);
    return this.#machine.read(this.plan.metrics, { count: count * this.#replicas * metricsColumns.length });
  }

  #eachReplica(act: (replica: number) => void): void {
    for (let replica = 0; replica < this.#replicas; replica++) act(replica);
  }
}
