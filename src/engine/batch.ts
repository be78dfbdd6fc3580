import batch from "#shaders/common/batch.wgsl?raw";
import clock from "#shaders/common/clock.wgsl?raw";
import control from "#shaders/common/control.wgsl?raw";
import math from "#shaders/common/math.wgsl?raw";
import noise from "#shaders/common/noise.wgsl?raw";
import noiseInputs from "#shaders/common/noise-inputs.wgsl?raw";
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
  constants: ["B", "N", "I", "T", "M", "micro"],
  workgroup: [64, 1],
  invocations: ({ B, I, T }) => [B * Math.ceil((I + T) / COPIES), 1],
});

/** Adds normal noise of the standard deviation `inputNoise` of `control` to the examples of batchInputs (B, I). */
export const addInputNoise = defineKernel({
  name: "addInputNoise",
  wgsl: link(noiseInputs, noise, philox, clock, control, math),
  entry: "addNoise",
  bindings: { batchInputs: "readWrite", control: "read", orderKey: "read", clock: "read", batches: "read" },
  constants: ["B", "I", "M", "micro"],
  workgroup: [64, 1],
  invocations: ({ B, I }) => [Math.ceil((B * I) / 4), 1],
});

/** Columns of the table `batches`, a row per batch of a submission's steps; see `shaders/common/clock.wgsl`. */
export const batchColumns = ["start", "count", "epoch", "shuffled", "step"] as const;
