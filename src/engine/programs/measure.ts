import { gatherBatch } from "../batch.ts";
import { createEmit, forwardPass } from "../graph/graph.ts";
import type { Call, Program } from "../graph/program.ts";
import type { Tensor } from "../graph/tensor.ts";
import { buildModel } from "../model.ts";
import { withRounding } from "../precision/rounding.ts";
import { activationSlopes } from "../probes.ts";
import { type Context, inputTensor, root, rowsOf } from "./context.ts";

/** Examples that are looked at: a unit that is off for the few of a tiny batch is not dead yet. */
const LEAST_ROWS = 32;
const MAX_ROWS = 256;

/** What `measure` leaves of a hidden layer, to be read before another program runs: outputs and slopes (B, O). */
export interface MeasuredLayer {
  readonly outputs: Tensor;
  readonly slopes: Tensor;
}

export interface Measurement {
  readonly program: Program;
  /** The hidden layers, from the first. */
  readonly layers: readonly MeasuredLayer[];
}

/**
 * The forward pass of the first examples from where the batch at which the clock stands begins, also beyond its end, without
 * noise and dropout: outputs of the hidden layers, and the derivatives of their activations.
 */
export function measurement({ shape, weights, tables, data }: Context): Measurement {
  const B = Math.min(Math.max(shape.batchSize, LEAST_ROWS), rowsOf(shape, "train"), MAX_ROWS);
  const { inputs: I } = shape.model;
  const activation = (name: string, width: number) =>
    root(`measure.${name}`, [B, width], { role: "activations", perReplica: true });
  const batchInputs = inputTensor(shape, "measure.batchInputs", [B, I]);
  const batchTargets = activation("batchTargets", shape.targetWidth);
  const { clock, batches, orderKey } = tables;
  const calls: Call[] = [];
  const emit = createEmit(calls, "forward");
  emit.call(gatherBatch, {
    bindings: { ...data.train, orderKey, batchInputs, batchTargets, clock, batches },
    constants: { B, N: rowsOf(shape, "train"), I, T: shape.targetWidth, M: shape.accumulation ?? 1, micro: 0 },
  });
  const { graph } = buildModel(shape.model, { prefix: "measure", input: batchInputs, slices: weights.slices });
  const forward = forwardPass(graph);
  calls.push(...forward.calls);
  const layers = forward.nodes.slice(0, shape.model.layers.length).map((node, index) => {
    const { output: outputs } = node;
    const slopes = activation(`layers.${index}.slopes`, outputs.shape[1] ?? 0);
    emit.call(activationSlopes, {
      bindings: { saved: forward.saved.get(node) ?? outputs, slopes },
      constants: { count: B * (outputs.shape[1] ?? 0) },
      activation: node.activation,
    });
    return { outputs, slopes };
  });
  return { program: { name: "measure", calls: [...weights.refresh, ...withRounding(calls)] }, layers };
}
