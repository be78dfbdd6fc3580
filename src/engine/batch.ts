import batch from "#shaders/common/batch.wgsl?raw";
import clock from "#shaders/common/clock.wgsl?raw";
import permutation from "#shaders/common/permutation.wgsl?raw";
import philox from "#shaders/common/philox.wgsl?raw";
import { defineKernel } from "./graph/kernel.ts";
import { link } from "./graph/link.ts";

/** Numbers that one invocation copies, as in `shaders/common/batch.wgsl`. */
const COPIES = 16;

/**
 * Copies the examples of a step's batch out of the data set: inputs (N, I) and targets (N, T) to batchInputs (B, I) and
 * batchTargets (B, T), in the order of the epoch's permutation. Rows that a short last batch leaves over become 0.
 */
export const gatherBatch = defineKernel({
  name: "gatherBatch",
  wgsl: link(batch, clock, permutation, philox),
  entry: "gather",
  bindings: {
    inputs: "read",
    targets: "read",
    orderKey: "read",
    batchInputs: "write",
    batchTargets: "write",
    clock: "read",
    batches: "read",
  },
  constants: ["B", "N", "I", "T"],
  workgroup: [64, 1],
  invocations: ({ B, I, T }) => [B * Math.ceil((I + T) / COPIES), 1],
});

/** Columns of the table `batches`, one row per step of a submission; see `shaders/common/clock.wgsl`. */
export const batchColumns = ["start", "count", "epoch", "shuffled"] as const;
