import { defaultsOf } from "../../lib/hyperparameters.ts";
import { foldLanes, foldsOf, gradNormLanes, gradNormPartials, type Lanes } from "../gradNorm.ts";
import { differentiate } from "../graph/autodiff.ts";
import { checkpointed } from "../graph/checkpoint.ts";
import { createEmit, type Emit } from "../graph/graph.ts";
import type { Call } from "../graph/program.ts";
import type { Shape, Tensor } from "../graph/tensor.ts";
import { countParameters, layArena, type ParameterArena } from "../parameters.ts";
import { penalize } from "../penalties.ts";
import { roundingOf, withRounding } from "../precision/rounding.ts";
import { recordStep } from "../probes.ts";
import { batchToLoss, createLossRows, type LossRows } from "./batchToLoss.ts";
import { type Context, root, rowsOf } from "./context.ts";

/** One training step: pick the batch, forward, loss, backward, update, and record a row of metrics. */
export function trainingStep(context: Context) {
  const { shape, specs } = context;
  const { accumulation: M = 1 } = shape;
  const B = Math.min(shape.batchSize, rowsOf(shape, "train"));
  const gradients = layArena(specs, "gradients", "gradients", "Grad");
  const rows = createLossRows("step", M * B);
  const calls: Call[] = [...context.weights.refresh];
  for (let micro = 0; micro < M; micro++) {
    const prefix = M === 1 ? "step" : `step.${micro}`;
    calls.push(...withRounding(batchGradient(context, { prefix, B, M, micro, rows, gradients })));
  }
  const norms = closing(context, { calls, rows, gradients });
  const state = updating(context, { calls, gradients });
  return { program: { name: "step", calls }, gradients, state, ...norms };
}

interface StepParts {
  readonly calls: Call[];
  readonly rows: LossRows;
  readonly gradients: ParameterArena;
}

interface BatchParts extends Omit<StepParts, "calls"> {
  readonly prefix: string;
  readonly B: number;
  readonly M: number;
  readonly micro: number;
}

/**
 * Forward, loss and backward of one of the step's batches, without the rounding of what they store; the first stores its
 * gradients, the others add theirs.
 */
export function batchGradient(context: Context, { prefix, B, M, micro, rows, gradients }: BatchParts): readonly Call[] {
  const { shape, specs, weights } = context;
  const batch = batchToLoss(context, { prefix, split: "train", B, M, micro, rows, isTraining: true });
  const pairs = specs.map(({ name }) => [weights.slices.get(name), gradients.slices.get(name)]);
  const parameterGradients = new Map(pairs as [Tensor, Tensor][]);
  const { output } = batch;
  const forward = shape.checkpointing ? checkpointed(batch.forward) : batch.forward;
  // The loss kernel leaves the gradient in place of the outputs.
  const seed = { of: output, gradient: output };
  return [...batch.calls, ...differentiate({ forward, seed, parameterGradients, accumulates: micro > 0 })];
}

/** Penalties, norms of the gradients, and the row of metrics. */
function closing(context: Context, { calls, rows, gradients }: StepParts) {
  const { shape, specs, parameters, tables, metrics } = context;
  const { clock, control } = tables;
  const lanes = gradNormLanes([...gradients.slices.values()]);
  const lanesTable = lanesTensor("lanes", lanes);
  const { count: L } = lanes;
  const partials = root("step.partials", [3 * L], { role: "activations", perReplica: true });
  const tensorNorms = root("tensorNorms", [specs.length], { role: "metrics", perReplica: true });
  const update = createEmit(calls, "update");
  // Rounded once, after all batches are added up in float32, and before penalties on the float32 masters
  const { precision = "f32" } = shape;
  if (precision !== "f32") calls.push(roundingOf(gradients.arena, precision, "backward"));
  if (shape.penalized) {
    createEmit(calls, "backward").call(penalize, {
      bindings: { parameters: parameters.arena, gradients: gradients.arena, lanes: lanesTable, control, partials },
      constants: { L, matrices: parameters.matrices },
    });
  }
  update.call(gradNormPartials, {
    bindings: { gradients: gradients.arena, lanes: lanesTable, control, partials },
    constants: { L },
  });
  const penalized = shape.penalized ? 1 : 0;
  const folded = folding(update, { lanes, partials, penalized });
  update.call(recordStep, {
    bindings: { ...rows, partials: folded.partials, laneEnds: folded.laneEnds, tensorNorms, control, metrics, clock },
    constants: {
      B: rows.rowLoss.shape[0] ?? 0,
      tensors: specs.length,
      elements: countParameters(specs),
      penalized,
      R: shape.replicas,
    },
  });
  return { tensorNorms, constants: [{ tensor: lanesTable, values: lanes.lanes }, ...folded.constants] };
}

const lanesTensor = (name: string, { count }: Lanes) => root(name, [count, 3], { role: "tables", type: "u32" });

interface Folding {
  readonly lanes: Lanes;
  /** Sums by lane, and penalties (3 L). */
  readonly partials: Tensor;
  readonly penalized: number;
}

/** Adds up lanes until few are left: their partials, where each tensor's end, and the tables for that. */
function folding(update: Emit, { lanes, partials, penalized }: Folding) {
  const constants: { tensor: Tensor; values: Uint32Array }[] = [];
  let last = { lanes, partials };
  for (const [level, folds] of foldsOf(lanes).entries()) {
    const table = lanesTensor(`folds.${level}`, folds);
    const { count: F } = folds;
    const folded = root(`step.folded.${level}`, [3 * F], { role: "activations", perReplica: true });
    update.call(foldLanes, {
      bindings: { partials: last.partials, folds: table, folded },
      constants: { L: last.lanes.count, F, penalized },
    });
    constants.push({ tensor: table, values: folds.lanes });
    last = { lanes: folds, partials: folded };
  }
  const { laneEnds: values } = last.lanes;
  const laneEnds = root("laneEnds", [values.length], { role: "tables", type: "u32" });
  return { partials: last.partials, laneEnds, constants: [...constants, { tensor: laneEnds, values }] };
}

/** The optimizer's calls, and what it remembers. */
function updating({ shape, parameters, tables }: Context, { calls, gradients }: Omit<StepParts, "rows">) {
  const { optimizer, optimizerValues = defaultsOf(optimizer.hyperparameters), replicas } = shape;
  const state = optimizer.layState(parameters, optimizerValues);
  const tensors = Object.fromEntries(state.map(({ name, tensor }) => [name, tensor]));
  const { clock, control, scalars } = tables;
  const scratch = (name: string, size: Shape) =>
    root(`update.${name}`, size, { role: "activations", perReplica: true });
  const update = {
    ...{ values: optimizerValues, parameters, gradients, state: tensors, clock, control, scalars, replicas, scratch },
  };
  optimizer.emit(update, createEmit(calls, "update"));
  return state;
}
