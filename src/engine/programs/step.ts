import { differentiate } from "../graph/autodiff.ts";
import { createEmit } from "../graph/graph.ts";
import type { Tensor } from "../graph/tensor.ts";
import { layArena } from "../parameters.ts";
import { gradNormLanes, gradNormPartials, recordStep } from "../probes.ts";
import { batchToLoss } from "./batchToLoss.ts";
import { type Context, root, rowsOf } from "./context.ts";

/** One training step: pick the batch, forward, loss, backward, update, and record a row of metrics. */
export function trainingStep(context: Context) {
  const { shape, specs, parameters, tables, metrics } = context;
  const { replicas: R, optimizer } = shape;
  const B = Math.min(shape.batchSize, rowsOf(shape, "train"));
  const { calls, graph, forward, output, rowLoss, rowHit } = batchToLoss(context, {
    prefix: "step",
    split: "train",
    B,
  });

  const gradients = layArena(specs, "gradients", "gradients", "Grad");
  const pairs = specs.map(({ name }) => [parameters.slices.get(name), gradients.slices.get(name)]);
  const parameterGradients = new Map(pairs as [Tensor, Tensor][]);
  // The loss kernel leaves the gradient in place of the outputs.
  calls.push(...differentiate({ graph, forward, seed: { of: output, gradient: output }, parameterGradients }));

  const { lanes, laneEnds } = gradNormLanes([...gradients.slices.values()]);
  const L = lanes.length / 3;
  const lanesTable = root("lanes", [L, 3], { role: "tables", type: "u32" });
  const laneEndsTable = root("laneEnds", [laneEnds.length], { role: "tables", type: "u32" });
  const partials = root("step.partials", [L, 2], { role: "activations", perReplica: true });
  const tensorNorms = root("tensorNorms", [specs.length], { role: "metrics", perReplica: true });
  const state = optimizer.state.map((name) =>
    root(name, parameters.arena.shape, { role: "optimizer", perReplica: true }),
  );

  const update = createEmit(calls, "update");
  update.call(gradNormPartials, {
    bindings: { gradients: gradients.arena, lanes: lanesTable, partials },
    constants: { L },
  });
  update.call(recordStep, {
    bindings: { rowLoss, rowHit, partials, laneEnds: laneEndsTable, tensorNorms, metrics, clock: tables.clock },
    constants: { B, tensors: specs.length, R },
  });
  const moments = Object.fromEntries(optimizer.state.map((name, index) => [name, state[index] as Tensor]));
  update.call(optimizer.kernel, {
    bindings: {
      ...{ parameters: parameters.arena, gradients: gradients.arena },
      ...{ ...moments, clock: tables.clock, scalars: tables.scalars },
    },
    constants: { P: parameters.arena.shape[0] ?? 0, matrices: parameters.matrices, R },
  });
  const constants = [
    { tensor: lanesTable, values: lanes },
    { tensor: laneEndsTable, values: laneEnds },
  ];
  return { program: { name: "step", calls }, state, tensorNorms, constants };
}
