import { createEmit } from "../graph/graph.ts";
import type { Program } from "../graph/program.ts";
import { withRounding } from "../precision/rounding.ts";
import { recordEvaluation } from "../probes.ts";
import { batchToLoss, createLossRows } from "./batchToLoss.ts";
import { type Context, type RunShape, rowsOf, type Split } from "./context.ts";

const MAX_EVALUATION_BATCH = 512;

/** Examples that one run of each split's evaluation takes. */
export function evaluationBatches(shape: RunShape): Readonly<Record<Split, number>> {
  const of = (split: Split) => Math.min(rowsOf(shape, split), MAX_EVALUATION_BATCH);
  return { train: of("train"), validation: of("validation"), test: of("test") };
}

/** Losses and hits of one batch of a split, summed into a row of metrics. */
export function evaluation(context: Context, split: Split): { readonly program: Program } {
  const B = evaluationBatches(context.shape)[split];
  const prefix = `evaluate-${split}`;
  const rows = createLossRows(prefix, B);
  const { calls } = batchToLoss(context, { ...{ prefix, split, B, rows }, M: 1, micro: 0, isTraining: false });
  createEmit(calls, "loss").call(recordEvaluation, {
    bindings: { ...rows, metrics: context.metrics, clock: context.tables.clock },
    constants: { B, R: context.shape.replicas },
  });
  return { program: { name: prefix, calls: [...context.weights.refresh, ...withRounding(calls)] } };
}
