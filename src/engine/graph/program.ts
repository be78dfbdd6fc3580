import type { Constants, Kernel } from "./kernel.ts";
import type { MemoryPlan } from "./memory.ts";
import type { Tensor } from "./tensor.ts";

/** The four moves of a training step, in their order. */
export const moves = ["forward", "loss", "backward", "update"] as const;
export type Move = (typeof moves)[number];

/** One kernel call: a kernel with tensors for its bindings and numbers for its constants. */
export interface Call {
  readonly kernel: Kernel;
  readonly move: Move;
  readonly bindings: Readonly<Record<string, Tensor>>;
  readonly constants: Constants;
  /** The activation whose function the kernel applies, by its name in the registry. */
  readonly activation?: string;
}

/** A flat, ordered list of kernel calls: one training step, one evaluation, one prediction. */
export interface Program {
  readonly name: string;
  readonly calls: readonly Call[];
}

/** All programs of a run over one planned memory: what a device loads. */
export interface Plan<Name extends string = string> {
  readonly replicas: number;
  readonly memory: MemoryPlan;
  readonly programs: Readonly<Record<Name, Program>>;
  /** Contents of tables that never change, written once when the plan is loaded. */
  readonly tables: readonly { readonly tensor: Tensor; readonly values: Uint32Array | Float32Array }[];
}
