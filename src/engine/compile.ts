import { planMemory } from "./graph/memory.ts";
import type { Plan, Program } from "./graph/program.ts";
import type { Tensor } from "./graph/tensor.ts";
import { parameterSpecs } from "./model.ts";
import { layArena, type ParameterArena, type ParameterSpec } from "./parameters.ts";
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
import { prediction } from "./programs/predict.ts";
import { trainingStep } from "./programs/step.ts";

export type ProgramName = "step" | "predict" | `evaluate-${Split}`;

/** A compiled run: the programs, and the tensors that a host writes and reads. */
export interface RunPlan {
  readonly plan: Plan<ProgramName>;
  readonly specs: readonly ParameterSpec[];
  readonly parameters: ParameterArena;
  /** Flat tensors of the optimizer's state, in the order of its definition. */
  readonly state: readonly Tensor[];
  readonly data: DataTensors;
  /** Examples that one run of a split's evaluation takes. */
  readonly evaluationBatch: Readonly<Record<Split, number>>;
  readonly probe: { readonly inputs: Tensor; readonly outputs: Tensor };
  readonly tables: Tables;
  readonly metrics: Tensor;
  readonly tensorNorms: Tensor;
}

/** Compiles a run: everything that will ever run, over one planned memory. Throws where shapes do not fit. */
export function compileRun(shape: RunShape): RunPlan {
  const specs = parameterSpecs(shape.model);
  const parameters = layArena(specs, "parameters", "parameters");
  const tables = createTables(shape);
  const data = createData(shape);
  const metrics = root("metrics", [shape.maxSteps, shape.replicas, metricsColumns.length], { role: "metrics" });
  const context: Context = { shape, specs, parameters, tables, data, metrics };

  const step = trainingStep(context);
  const probe = prediction(context);
  const evaluations = splits.map((split) => evaluation(context, split));
  const [train, validation, test] = evaluations.map(({ program }) => program) as [Program, Program, Program];
  const programs = {
    step: step.program,
    predict: probe.program,
    "evaluate-train": train,
    "evaluate-validation": validation,
    "evaluate-test": test,
  };
  const kept = new Set([probe.inputs, probe.outputs, tables.orderKey]);
  const memory = planMemory(Object.values(programs), shape.replicas, kept);
  return {
    plan: { replicas: shape.replicas, memory, programs, tables: step.constants },
    ...{ specs, parameters, state: step.state, data, probe, tables, metrics, tensorNorms: step.tensorNorms },
    evaluationBatch: evaluationBatches(shape),
  };
}
