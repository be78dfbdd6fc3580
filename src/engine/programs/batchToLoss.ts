import { addInputNoise, gatherBatch } from "../batch.ts";
import { createEmit, forwardPass } from "../graph/graph.ts";
import type { Call } from "../graph/program.ts";
import type { Tensor } from "../graph/tensor.ts";
import { buildModel } from "../model.ts";
import { type Context, inputTensor, root, rowsOf, type Split } from "./context.ts";

/** The losses of all batches of a step, or of the one batch of an evaluation: (M B). */
export interface LossRows {
  readonly rowLoss: Tensor;
  readonly rowHit: Tensor;
}

export const createLossRows = (prefix: string, count: number): LossRows => {
  const of = (name: string) => root(`${prefix}.${name}`, [count], { role: "activations", perReplica: true });
  return { rowLoss: of("rowLoss"), rowHit: of("rowHit") };
};

export interface BatchOptions {
  readonly prefix: string;
  readonly split: Split;
  readonly B: number;
  /** Batches per step, and which of them this is. */
  readonly M: number;
  readonly micro: number;
  readonly rows: LossRows;
  /** Whether this is for a step, which has noise and dropout where the run does; an evaluation has not. */
  readonly isTraining: boolean;
}

/** The calls from a batch of a split to its losses, and what the backward pass needs of them. */
export function batchToLoss(context: Context, { prefix, split, B, M, micro, rows, isTraining }: BatchOptions) {
  const { shape, tables, data, weights } = context;
  const { inputs, outputs } = shape.model;
  const batchInputs = inputTensor(shape, `${prefix}.batchInputs`, [B, inputs]);
  const batchTargets = root(`${prefix}.batchTargets`, [B, shape.targetWidth], {
    role: "activations",
    perReplica: true,
  });
  const { clock, batches, orderKey, control, settings } = tables;

  const calls: Call[] = [];
  const emit = createEmit(calls, "forward");
  emit.call(gatherBatch, {
    bindings: { ...data[split], orderKey, batchInputs, batchTargets, clock, batches },
    constants: { B, N: rowsOf(shape, split), I: inputs, T: shape.targetWidth, M, micro },
  });
  const random = { control, orderKey, clock, batches };
  if (isTraining && shape.inputNoise) {
    emit.call(addInputNoise, { bindings: { batchInputs, ...random }, constants: { B, I: inputs, M, micro } });
  }
  const model = buildModel(shape.model, {
    ...{ prefix, input: batchInputs, slices: weights.slices },
    ...(isTraining && shape.dropout ? { dropoutSource: { tables: random, M, micro } } : {}),
  });
  const forward = forwardPass(model.graph);
  calls.push(...forward.calls);
  createEmit(calls, "loss").call(shape.loss.kernel, {
    bindings: { outputs: model.output, targets: batchTargets, ...rows, clock, batches, control, settings },
    constants: { B, O: outputs, M, micro },
  });
  return { calls, forward, output: model.output };
}
