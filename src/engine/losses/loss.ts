import clock from "#shaders/common/clock.wgsl?raw";
import type { Definition, Hyperparameters } from "../../lib/hyperparameters.ts";
import { defineKernel, type KernelOf } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";

/** What the data asks of a model, and so which losses fit it. */
export type LossTask = "classification" | "regression";

/**
 * The signature of every loss kernel: outputs (B, O) are overwritten with their gradient, targets are (B) class numbers
 * or (B, O) numbers, rowLoss (B) takes each example's loss and rowHit (B) a 1 where the prediction is right.
 */
export type LossKernel = KernelOf<"outputs" | "targets" | "rowLoss" | "rowHit" | "clock" | "batches", "B" | "O">;

export interface Loss extends Definition {
  readonly source: string;
  readonly task: LossTask;
  readonly hyperparameters: Hyperparameters;
  readonly kernel: LossKernel;
}

/** Checks a definition against `Loss` while keeping its literal types. */
export const defineLoss = <const T extends Loss>(loss: T): T => loss;

/** A loss kernel from its module: one invocation per example, forward and backward in one pass. */
export const lossKernel = (name: string, wgsl: string): LossKernel =>
  defineKernel({
    name,
    wgsl: link(wgsl, clock),
    entry: "forwardBackward",
    bindings: {
      outputs: "readWrite",
      targets: "read",
      rowLoss: "write",
      rowHit: "write",
      clock: "read",
      batches: "read",
    },
    constants: ["B", "O"],
    workgroup: [64, 1],
    invocations: ({ B }) => [B, 1],
  });
