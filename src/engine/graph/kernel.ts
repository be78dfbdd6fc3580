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
  /** Further WGSL for the same signature, that a device may prefer to the plain one. */
  readonly variants?: Variants;
}

export type Constants = Readonly<Record<string, number>>;

/** The matrix product that a kernel computes: rows x columns sums of `depth` products. */
export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** The implementations of a product that a device chooses from. */
export interface Variants {
  /** The work of a call, by which a device knows what is worth choosing for. */
  product(constants: Constants): Product;
  readonly plain: Tile;
  readonly others: readonly Variant[];
}

/** What one invocation, or those that share loads, own of a product: what the model of its time is made of. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** Who shares the numbers that are loaded: one invocation, four neighbours, or a workgroup with barriers. */
  readonly shared: "invocation" | "quad" | "workgroup";
}

/** Another implementation of a kernel's signature in WGSL: bindings and constants have the same names. */
export interface Variant {
  readonly name: string;
  readonly wgsl: string;
  readonly tile: Tile;
  /** Entry points that run one after the other. */
  readonly passes: readonly Pass[];
  /** Features of WebGPU that the module enables. */
  readonly needs: readonly "subgroups"[];
  /** Whether its access is right for these sizes. */
  fits(constants: Constants): boolean;
  /** Elements per replica of the binding `scratch`, through which one pass hands values to the next. */
  scratch?(constants: Constants): number;
}

/** One entry point of a variant and its grid; z is the replica. */
export interface Pass {
  readonly entry: string;
  /** The bindings that this entry point uses; all of the kernel's if left out. */
  readonly bindings?: readonly string[];
  readonly workgroup: readonly [x: number, y: number];
  invocations(constants: Constants): readonly [x: number, y: number];
}

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
  readonly variants?: Variants;
}): typeof kernel => kernel;

/** A kernel with the names of its bindings and constants known to the compiler. */
export interface KernelOf<B extends string, C extends string>
  extends Omit<Kernel, "bindings" | "constants" | "invocations"> {
  readonly bindings: Readonly<Record<B, Access>>;
  readonly constants: readonly C[];
  invocations(constants: Readonly<Record<C, number>>): readonly [x: number, y: number];
}
