import { planMemory } from "./graph/memory.ts";
import type { Plan, Program } from "./graph/program.ts";
import type { Tensor } from "./graph/tensor.ts";
import { parameterSpecs } from "./model.ts";
import type { State } from "./optimizers/optimizer.ts";
import { layArena, type ParameterArena, type ParameterSpec } from "./parameters.ts";
import { storageOf } from "./precision/storage.ts";
import { weightsAt } from "./precision/weights.ts";
import { metricsColumns } from "./probes.ts";
import {
  type Context,
  createData,
  createTables,
  type DataTensors,
  type RunShape,
  root,
  type Split,
  splits,
  type Tables,
} from "./programs/context.ts";
import { evaluation, evaluationBatches } from "./programs/evaluate.ts";
import { type MeasuredLayer, measurement } from "./programs/measure.ts";
import { type TriedMove, type TriedMoves, tryMoves } from "./programs/moves.ts";
import { prediction } from "./programs/predict.ts";
import { type CountedGradients, gradientRanges } from "./programs/ranges.ts";
import { trainingStep } from "./programs/step.ts";

export type ProgramName = "step" | "predict" | "measure" | "ranges" | TriedMove | `evaluate-${Split}`;

/** A compiled run: the programs, and the tensors that a host writes and reads. */
export interface RunPlan {
  readonly plan: Plan<ProgramName>;
  readonly specs: readonly ParameterSpec[];
  readonly parameters: ParameterArena;
  /** What the optimizer remembers. */
  readonly state: readonly State[];
  readonly data: DataTensors;
  /** Examples that one run of a split's evaluation takes. */
  readonly evaluationBatch: Readonly<Record<Split, number>>;
  readonly probe: { readonly inputs: Tensor; readonly outputs: Tensor };
  readonly tables: Tables;
  readonly metrics: Tensor;
  readonly tensorNorms: Tensor;
  /** The gradients of the last step, with its loss scale and without clipping: slices by the parameters' names. */
  readonly gradients: ParameterArena;
  /** The hidden layers as the program `measure` finds them. */
  readonly measured: readonly MeasuredLayer[];
  /** What the programs of single moves leave. */
  readonly tried: Omit<TriedMoves, "programs">;
  /** What the program `ranges` counts; nothing in float32. */
  readonly counted?: CountedGradients;
  /** What activation checkpointing saves and costs, whether the run has it or not. */
  readonly checkpointing: CheckpointingCost;
}

/** What a training step takes without and with activation checkpointing. */
export interface CheckpointingCost {
  /** Of its activations. */
  readonly bytes: readonly [without: number, withCheckpointing: number];
  /** Kernel calls. */
  readonly calls: readonly [without: number, withCheckpointing: number];
  /** Multiplications of its matrix products, which take most of its time. */
  readonly multiplications: readonly [without: number, withCheckpointing: number];
}

/** Compiles a run: everything that will ever run, over one planned memory. Throws where shapes do not fit. */
export function compileRun(shape: RunShape): RunPlan {
  const specs = parameterSpecs(shape.model);
  const parameters = layArena(specs, "parameters", "parameters");
  const tables = createTables(shape);
  const data = createData(shape);
  const metrics = root("metrics", [shape.maxSteps, shape.replicas, metricsColumns.length], { role: "metrics" });
  const weights = weightsAt(storageOf(shape.precision, shape.storesHalf), parameters);
  const context: Context = { shape, specs, parameters, weights, tables, data, metrics };

  const step = trainingStep(context);
  const probe = prediction(context);
  const measure = measurement(context);
  const ranges = gradientRanges(context);
  const { programs: moves, ...tried } = tryMoves(context);
  const evaluations = splits.map((split) => evaluation(context, split));
  const [train, validation, test] = evaluations.map(({ program }) => program) as [Program, Program, Program];
  const programs = {
    step: step.program,
    predict: probe.program,
    measure: measure.program,
    ranges: ranges.program,
    ...moves,
    "evaluate-train": train,
    "evaluate-validation": validation,
    "evaluate-test": test,
  };
  const kept = new Set([probe.inputs, probe.outputs, tables.orderKey, tables.settings]);
  const resting = new Set([
    ...measure.layers.flatMap(({ outputs, slopes }) => [outputs, slopes]),
    ...[...tried.outputs, tried.rows.rowLoss, tried.rows.rowHit, tried.gradients.arena],
  ]);
  const memory = planMemory(Object.values(programs), shape.replicas, kept, resting);
  return {
    plan: { replicas: shape.replicas, memory, programs, tables: step.constants },
    ...{
      specs,
      parameters,
      state: step.state,
      data,
      probe,
      tables,
      metrics,
      tensorNorms: step.tensorNorms,
      gradients: step.gradients,
    },
    ...{ measured: measure.layers, tried },
    ...(ranges.counted === undefined ? {} : { counted: ranges.counted }),
    evaluationBatch: evaluationBatches(shape),
    checkpointing: checkpointingCost(context),
  };
}

function checkpointingCost(context: Context): CheckpointingCost {
  const { shape } = context;
  const of = (checkpointing: boolean) => {
    const { program } = trainingStep({ ...context, shape: { ...shape, checkpointing } });
    const { activations = 0 } = planMemory([program], shape.replicas, new Set()).bytesByRole;
    return { bytes: activations, calls: program.calls.length, multiplications: multiplicationsOf(program) };
  };
  const [without, withCheckpointing] = [of(false), of(true)];
  return {
    bytes: [without.bytes, withCheckpointing.bytes],
    calls: [without.calls, withCheckpointing.calls],
    multiplications: [without.multiplications, withCheckpointing.multiplications],
  };
}

function multiplicationsOf({ calls }: Program): number {
  const products = calls.flatMap(({ kernel: { variants }, constants }) => variants?.product(constants) ?? []);
  return products.reduce((sum, { rows, columns, depth }) => sum + rows * columns * depth, 0);
}
