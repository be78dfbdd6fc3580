/** How a kernel uses a binding. `readWrite` keeps what it does not overwrite. */
export type Access = "read" | "write" | "readWrite";

/**
 * One kernel: the signature that all its implementations share. They find each other by `name`:
 *
 * - WebGPU: the entry point `entry` of the module `wgsl`, whose bindings and `override` constants have these names;
 *   a constant `<binding>Stride` is set to the binding's replica stride where the module declares it.
 * - CPU: the exported AssemblyScript function `name`, whose argument block lists bindings, then constants, in this order.
 * - Reference: the float64 function `name` in `tests/reference`.
 */
export interface Kernel {
  readonly name: string;
  readonly wgsl: string;
  readonly entry: string;
  readonly bindings: Readonly<Record<string, Access>>;
  /** Names of the sizes and switches, all non-negative integers. */
  readonly constants: readonly string[];
  /** The function of the call's activation that this kernel applies; none if left out. */
  readonly activation?: "forward" | "backward";
  /** Invocations per workgroup; the module declares them as `override workgroupX` and `workgroupY`. */
  readonly workgroup: readonly [x: number, y: number];
  /** Invocations needed in x and y; z is the replica. */
  invocations(constants: Constants): readonly [x: number, y: number];
}

export type Constants = Readonly<Record<string, number>>;

/** Checks a kernel's definition while keeping its literal types. */
export const defineKernel = <
  const B extends Readonly<Record<string, Access>>,
  const C extends readonly string[],
>(kernel: {
  readonly name: string;
  readonly wgsl: string;
  readonly entry: string;
  readonly bindings: B;
  readonly constants: C;
  readonly activation?: "forward" | "backward";
  readonly workgroup: readonly [x: number, y: number];
  invocations(constants: Readonly<Record<C[number], number>>): readonly [x: number, y: number];
}): typeof kernel => kernel;

/** A kernel with the names of its bindings and constants known to the compiler. */
export interface KernelOf<B extends string, C extends string>
  extends Omit<Kernel, "bindings" | "constants" | "invocations"> {
  readonly bindings: Readonly<Record<B, Access>>;
  readonly constants: readonly C[];
  invocations(constants: Readonly<Record<C, number>>): readonly [x: number, y: number];
}
