import { gatherBatch } from "../batch.ts";
import { createEmit, forwardPass } from "../graph/graph.ts";
import type { Call } from "../graph/program.ts";
import type { Shape } from "../graph/tensor.ts";
import { buildModel } from "../model.ts";
import { type Context, root, rowsOf, type Split } from "./context.ts";

/** The calls from a batch of a split to its losses, and what the backward pass needs of them. */
export function batchToLoss(context: Context, { prefix, split, B }: { prefix: string; split: Split; B: number }) {
  const { shape, tables, data, parameters } = context;
  const { inputs, outputs } = shape.model;
  const activation = (name: string, size: Shape) =>
    root(`${prefix}.${name}`, size, { role: "activations", perReplica: true });
  const batchInputs = activation("batchInputs", [B, inputs]);
  const batchTargets = activation("batchTargets", [B, shape.targetWidth]);
  const rowLoss = activation("rowLoss", [B]);
  const rowHit = activation("rowHit", [B]);
  const { clock, batches, orderKey } = tables;

  const calls: Call[] = [];
  createEmit(calls, "forward").call(gatherBatch, {
    bindings: { ...data[split], orderKey, batchInputs, batchTargets, clock, batches },
    constants: { B, N: rowsOf(shape, split), I: inputs, T: shape.targetWidth },
  });
  const model = buildModel(shape.model, { prefix, input: batchInputs, slices: parameters.slices });
  const forward = forwardPass(model.graph);
  calls.push(...forward.calls);
  createEmit(calls, "loss").call(shape.loss.kernel, {
    bindings: { outputs: model.output, targets: batchTargets, rowLoss, rowHit, clock, batches },
    constants: { B, O: outputs },
  });
  return { calls, graph: model.graph, forward, output: model.output, rowLoss, rowHit };
}
