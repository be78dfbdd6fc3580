import clock from "#shaders/common/clock.wgsl?raw";
import control from "#shaders/common/control.wgsl?raw";
import common from "#shaders/common/loss.wgsl?raw";
import type { Definition, Hyperparameters, ValuesOf } from "../../lib/hyperparameters.ts";
import { defineKernel, type KernelOf } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";

/** What the data asks of a model, and so which losses fit it. */
export type LossTask = "classification" | "regression";

type LossBinding = "outputs" | "targets" | "rowLoss" | "rowHit" | "clock" | "batches" | "control" | "settings";

/**
 * The signature of every loss kernel: outputs (B, O) are overwritten with their gradient, targets are (B) class numbers
 * or (B, O) numbers, rowLoss (M B) takes each example's loss and rowHit (M B) a 1 where the prediction is right, both
 * from row micro B on.
 */
export type LossKernel = KernelOf<LossBinding, "B" | "O" | "M" | "micro">;

/** How a loss reads a model's outputs. */
interface Reading {
  /** The most classes that the loss tells apart; any number if left out. */
  readonly maxClasses?: number;
  /** Outputs of the model for data with that many classes, or targets of a regression. */
  outputsFor(targets: number): number;
  /** One logit per class (G, C), whose softmax are the probabilities, from the model's outputs (G, O). */
  logitsOf(outputs: Float32Array): Float32Array;
}

export interface Loss extends Definition, Reading {
  readonly source: string;
  readonly task: LossTask;
  readonly hyperparameters: Hyperparameters;
  /**
   * The numbers that the kernel reads as `settings`, as many for all values, for a model with that many outputs.
   *
   * @param targets of a whole split, where its loss is evaluated in several batches: their mean is then the split's.
   * @throws RangeError where a value does not fit the number of outputs.
   */
  settings(values: never, outputs: number, targets?: ArrayLike<number>): readonly number[];
  readonly kernel: LossKernel;
}

/** Checks a definition and makes the loss's kernel from its module: one invocation per example, forward and backward. */
export function defineLoss<const H extends Hyperparameters>(
  loss: {
    /** The kernel's name. */
    readonly name: string;
    readonly label: string;
    readonly source: string;
    readonly task: LossTask;
    readonly hyperparameters: H;
    /** None if left out. */
    readonly settings?: (values: ValuesOf<H>, outputs: number, targets?: ArrayLike<number>) => readonly number[];
    readonly wgsl: string;
  } & Partial<Reading>,
) {
  const { name, wgsl, settings = () => [], ...definition } = loss;
  return { ...oneOutputEach, ...definition, settings, kernel: lossKernel(name, wgsl) };
}

const oneOutputEach: Reading = { outputsFor: (targets) => targets, logitsOf: (outputs) => outputs };

/**
 * What data must have for a loss, in words that follow "expected"; `undefined` where the loss fits.
 *
 * @param classes unknown if left out, as for a file that nobody has read.
 */
export function lossNeeds(
  { task, maxClasses }: Pick<Loss, "task" | "maxClasses">,
  data: { readonly task: string; readonly classes?: number | undefined },
): string | undefined {
  if (task !== data.task) return task === "classification" ? "classes" : "numbers";
  if (maxClasses === undefined || data.classes === undefined || data.classes <= maxClasses) return undefined;
  return `${maxClasses} classes`;
}

const lossKernel = (name: string, wgsl: string): LossKernel =>
  defineKernel({
    name,
    wgsl: link(wgsl, common, clock, control),
    entry: "forwardBackward",
    bindings: {
      outputs: "readWrite",
      targets: "read",
      rowLoss: "write",
      rowHit: "write",
      clock: "read",
      batches: "read",
      control: "read",
      settings: "read",
    },
    constants: ["B", "O", "M", "micro"],
    workgroup: [64, 1],
    invocations: ({ B }) => [B, 1],
  });
