import type { Device, Machine } from "../devices/device.ts";
import { compileRun, type RunPlan } from "../engine/compile.ts";
import { initialControl, uncontrolled } from "../engine/control.ts";
import { planMemory } from "../engine/graph/memory.ts";
import type { Call, Plan, Program } from "../engine/graph/program.ts";
import { elements, offsetOf, rootOf, type Tensor } from "../engine/graph/tensor.ts";
import { "cross-entropy" as crossEntropy } from "../engine/losses/index.ts";
import { adam } from "../engine/optimizers/index.ts";
import { countParameters } from "../engine/parameters.ts";
import { metricsColumns } from "../engine/probes.ts";
import { defaultsOf } from "../lib/hyperparameters.ts";
import { MAX_STEPS } from "../session/run.ts";
import { scalarRows, stepBatches } from "../session/stepTable.ts";
import { initialWeights } from "../session/weights.ts";
import { createPaced } from "./paced.ts";
import type { Problem } from "./problem.ts";

export interface TrainingShape {
  /** Inputs, hidden widths, classes. */
  readonly layers: readonly number[];
  readonly activation: string;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** A call of the step as a program of its own. */
export const aloneName = (index: number): string => `call ${index}`;

/** What the loss reads besides outputs and targets. */
const settingsOf = ({ layers }: TrainingShape): Float32Array =>
  Float32Array.from(crossEntropy.settings(defaultsOf(crossEntropy.hyperparameters), layers.at(-1) ?? 0));

/** The training step's plan, without the evaluations of a run; `alone` adds every call as a program of its own. */
function planTraining(shape: TrainingShape, examples: number, alone: boolean): { run: RunPlan; plan: Plan } {
  const [inputs = 0, ...widths] = shape.layers;
  const run = compileRun({
    model: {
      inputs,
      layers: widths.slice(0, -1).map((width) => ({ width, activation: shape.activation })),
      outputs: widths.at(-1) ?? 0,
    },
    loss: crossEntropy,
    settingCount: settingsOf(shape).length,
    optimizer: adam,
    targetWidth: 1,
    counts: { train: examples, validation: 0, test: 0 },
    batchSize: shape.batchSize,
    replicas: 1,
    maxSteps: MAX_STEPS,
    probeCount: 1,
  });
  const { step } = run.plan.programs;
  const programs: Record<string, Program> = { step };
  if (alone) {
    for (const [index, call] of step.calls.entries()) {
      programs[aloneName(index)] = { name: aloneName(index), calls: [call] };
    }
  }
  const memory = planMemory([step], 1, new Set());
  return { run, plan: { replicas: 1, memory, programs, tables: run.plan.tables } };
}

/** Compiles a step for a device, uploads examples and initial weights: uniform within 1/√inputs, as in PyTorch. */
export async function loadTraining(
  device: Device,
  shape: TrainingShape,
  { problem, alone = false }: { readonly problem: Problem; readonly alone?: boolean },
): Promise<Training> {
  const { run, plan } = planTraining(shape, problem.targets.length, alone);
  const machine = await device.load(plan);
  const training = new Training(machine, run, { shape, examples: problem.targets.length });
  training.begin(problem);
  return training;
}

/** A network in training on one device, step after step. */
export class Training {
  readonly parameters: number;
  /** What one step is made of. */
  readonly calls: readonly Call[];
  readonly #machine: Machine;
  readonly #run: RunPlan;
  readonly #shape: TrainingShape;
  readonly #examples: number;
  readonly #train = createPaced(MAX_STEPS, (count) => this.#submit(count));
  #step = 0;

  constructor(machine: Machine, run: RunPlan, { shape, examples }: { shape: TrainingShape; examples: number }) {
    this.#machine = machine;
    this.#run = run;
    this.#shape = shape;
    this.#examples = examples;
    this.calls = run.plan.programs.step.calls;
    this.parameters = countParameters(run.specs);
  }

  /** Uploads the examples and sets the weights to their start. */
  begin({ inputs, targets }: Problem): void {
    const { data, parameters, specs, state, tables } = this.#run;
    this.#machine.write(data.train.inputs, inputs);
    this.#machine.write(data.train.targets, targets);
    this.#machine.write(tables.orderKey, Uint32Array.of(0, 0));
    const model = { kind: "mlp", layers: [], initializer: { kind: "uniform", gain: 1 }, seed: 0, dropout: 0 } as const;
    const weights = initialWeights(specs, model, 0);
    for (const [name, tensor] of parameters.slices) {
      this.#machine.write(tensor, weights.get(name) ?? new Float32Array(elements(tensor.shape)));
    }
    for (const { tensor } of state) this.#machine.write(tensor, new Float32Array(elements(tensor.shape)));
    this.#machine.write(tables.control, initialControl(uncontrolled));
    this.#machine.write(tables.settings, settingsOf(this.#shape));
  }

  /**
   * Takes `steps` steps, many per submission, and resolves once the last one's loss has been read: the mean over its
   * batch, before its update.
   */
  train(steps: number): Promise<number> {
    return this.#train(steps);
  }

  async #submit(count: number): Promise<number> {
    this.#writeTables(count);
    this.#machine.run("step", count);
    const [sum = Number.NaN] = await this.#machine.read(lossOfRow(this.#run.metrics, count - 1));
    return sum / this.#shape.batchSize;
  }

  /**
   * Mean milliseconds of each call of a step, in the midst of training, by the device's own clock. `undefined` where it
   * cannot time single calls.
   */
  async profile(steps: number): Promise<readonly number[] | undefined> {
    if (this.#machine.profile === undefined) return undefined;
    const count = Math.min(steps, MAX_STEPS);
    this.#writeTables(count);
    const times = await this.#machine.profile("step", count);
    return times.map(({ milliseconds }) => milliseconds);
  }

  #writeTables(count: number): void {
    const { tables } = this.#run;
    const first = this.#step + 1;
    this.#step += count;
    const { batchSize, learningRate } = this.#shape;
    const batches = { examples: this.#examples, batchSize, accumulation: 1, isShuffled: false };
    const values = { ...defaultsOf(adam.hyperparameters), learningRate };
    const factors = new Float64Array(count).fill(1);
    this.#machine.write(tables.batches, stepBatches({ first, count, batches }));
    this.#machine.write(tables.scalars, scalarRows(adam, [values], { first, factors }));
    this.#machine.write(tables.clock, Uint32Array.of(0, 0));
  }

  /**
   * Runs one call of the step, and no other, `times` times, and waits. Needs a training that was loaded with `alone`, and
   * one that has taken a step, so that the call finds the numbers that it would find in training.
   */
  async runAlone(index: number, times: number): Promise<void> {
    for (let left = times; left > 0; left -= MAX_STEPS) {
      // A call that moves the clock must not leave the tables.
      this.#machine.write(this.#run.tables.clock, Uint32Array.of(0, 0));
      this.#machine.run(aloneName(index), Math.min(left, MAX_STEPS));
    }
    await this.wait();
  }

  /** Reads 4 bytes, and so waits for all that was asked for before. */
  async wait(): Promise<void> {
    await this.#machine.read(lossOfRow(this.#run.metrics, 0));
  }

  dispose(): void {
    this.#machine.dispose();
  }
}

/** The loss in one row of the metrics, a single number. */
function lossOfRow(metrics: Tensor, row: number): Tensor {
  const offset = offsetOf(metrics) + row * metricsColumns.length + metricsColumns.indexOf("loss");
  return { ...metrics, name: "loss", shape: [1], slice: { root: rootOf(metrics), offset } };
}
