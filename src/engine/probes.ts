import control from "#shaders/common/control.wgsl?raw";
import metrics from "#shaders/probes/metrics.wgsl?raw";
import slopes from "#shaders/probes/slopes.wgsl?raw";
import { defineKernel } from "./graph/kernel.ts";
import { link } from "./graph/link.ts";

const record = link(metrics, control);

/** Closes a training step: reduces losses and norms into a row of metrics, steers the update, moves the clock on. */
export const recordStep = defineKernel({
  name: "recordStep",
  wgsl: record,
  entry: "recordStep",
  bindings: {
    rowLoss: "read",
    rowHit: "read",
    partials: "read",
    laneEnds: "read",
    tensorNorms: "write",
    control: "readWrite",
    metrics: "readWrite",
    clock: "readWrite",
  },
  constants: ["B", "tensors", "elements", "penalized", "R"],
  workgroup: [1, 1],
  invocations: () => [1, 1],
});

/** Closes one batch of an evaluation: reduces its losses into a row of metrics, moves the clock on. */
export const recordEvaluation = defineKernel({
  name: "recordEvaluation",
  wgsl: record,
  entry: "recordEvaluation",
  bindings: { rowLoss: "read", rowHit: "read", metrics: "readWrite", clock: "readWrite" },
  constants: ["B", "R"],
  workgroup: [1, 1],
  invocations: () => [1, 1],
});

/** slopes = the derivative of the activation, found from `saved`: of `count` numbers. */
export const activationSlopes = defineKernel({
  name: "activationSlopes",
  wgsl: slopes,
  entry: "writeSlopes",
  bindings: { saved: "read", slopes: "write" },
  constants: ["count"],
  activation: "backward",
  workgroup: [64, 1],
  invocations: ({ count }) => [count, 1],
});

/**
 * Columns of the table `metrics`, one row per step and replica. `nonFinite` is 1 + the first tensor's number, or 0;
 * `clipFactor` is what clipping by norm multiplies the gradient by, times the share of its elements that clipping by value
 * leaves as they are; `skipped` is 1 where an overflow in half precision cancelled the update.
 */
export const metricsColumns = [
  "loss",
  "hits",
  "gradNorm",
  "nonFinite",
  "penalty",
  "clipFactor",
  "lossScale",
  "skipped",
] as const;
