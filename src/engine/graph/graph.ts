import type { KernelOf } from "./kernel.ts";
import type { Call, Move } from "./program.ts";
import { createTensor, type Shape, shapeText, type Tensor } from "./tensor.ts";

/** The tensors that an op reads, by name. */
export type Inputs = Readonly<Record<string, Tensor>>;

/**
 * An op: its shape rule, its forward and its gradient, side by side.
 *
 * Gradients follow one rule: the gradient tensor of an op's output is taken with respect to the output BEFORE the op's
 * activation. So whoever writes the gradient of an input multiplies by the activation's derivative of the op that
 * produced this input (`Backward.producer`), in the epilogue of the same kernel, and no op needs a pass of its own.
 */
export interface Op<I extends Inputs = Inputs, A = unknown> {
  readonly name: string;
  /** Shape of the output. Throws a `ShapeError` where the inputs do not fit together. */
  infer(inputs: I, attributes: A): Shape;
  forward(node: Node<I, A>, emit: Forward): void;
  backward(node: Node<I, A>, emit: Backward): void;
}

/** One use of an op in a graph. */
export interface Node<I extends Inputs = Inputs, A = unknown> {
  readonly op: Op<I, A>;
  readonly name: string;
  readonly inputs: I;
  readonly attributes: A;
  readonly output: Tensor;
  /** The activation applied to the output, by its name in the registry. */
  readonly activation: string;
}

export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** Throws unless `tensor` has `rank` dimensions, the last of them `columns` where that is given. */
export function expectShape(op: string, tensor: Tensor, rank: number, columns?: number): void {
  const last = tensor.shape.at(-1);
  if (tensor.shape.length === rank && (columns === undefined || last === columns)) return;
  const expected = [...Array.from({ length: rank - 1 }, () => "·"), columns ?? "·"].join(", ");
  throw new ShapeError(
    `${op}: ${tensor.name} is ${shapeText(tensor.shape)}, expected (${expected}). Check the width of the layer before.`,
  );
}

/** Defines an op while keeping the types of its inputs and attributes. */
export const defineOp = <I extends Inputs, A>(op: Op<I, A>): Op<I, A> => op;

type CallOf<B extends string, C extends string> = {
  readonly bindings: Readonly<Record<B, Tensor>>;
  readonly constants: Readonly<Record<C, number>>;
  readonly activation?: string;
};

/** Appends kernel calls to a program under construction. */
export interface Emit {
  call<B extends string, C extends string>(kernel: KernelOf<B, C>, call: CallOf<B, C>): void;
}

export interface Forward extends Emit {
  /** A tensor, shaped like the node's output, for what the backward pass will need besides its inputs and output. */
  save(node: Node, name: string): Tensor;
}

export interface Backward extends Emit {
  /** The gradient of the node's output, complete. */
  gradientOf(node: Node): Tensor;
  /** Whether anything needs the gradient of this tensor: it is a parameter, or depends on one. */
  needsGradient(tensor: Tensor): boolean;
  /** Where to write the gradient of an input, and whether to store (0) or to add (1) because somebody wrote before. */
  writeGradient(input: Tensor): { readonly tensor: Tensor; readonly accumulate: 0 | 1 };
  /** The activation that made `input`, and the tensor that its derivative needs. */
  producer(input: Tensor): { readonly activation: string; readonly saved: Tensor };
}

/** A model as ops on shaped tensors, in the order in which they were applied. Shapes are checked while it is built. */
export class Graph {
  readonly nodes: Node[] = [];
  readonly #prefix: string;
  readonly #storage: Pick<Tensor, "type" | "rounded">;

  /**
   * `prefix` starts the names of this graph's activations, so that several graphs can share parameters. They are stored
   * as `like` is.
   */
  constructor(prefix: string, like: Pick<Tensor, "type" | "rounded"> = { type: "f32" }) {
    const { type, rounded } = like;
    this.#prefix = prefix;
    this.#storage = rounded === undefined ? { type } : { type, rounded };
  }

  /** A root tensor for values that a program computes, one copy per replica. */
  activation(name: string, shape: Shape): Tensor {
    return createTensor({
      ...{ name: `${this.#prefix}.${name}`, shape, role: "activations", perReplica: true },
      ...this.#storage,
    });
  }

  /** Applies an op and returns its output. */
  apply<I extends Inputs, A>(
    op: Op<I, A>,
    { name, inputs, attributes, activation }: { name: string; inputs: I; attributes: A; activation: string },
  ): Tensor {
    const output = this.activation(name, op.infer(inputs, attributes));
    // The list holds nodes of all ops; an op only ever sees the nodes that it made itself.
    this.nodes.push({ op, name: `${this.#prefix}.${name}`, inputs, attributes, output, activation } as unknown as Node);
    return output;
  }
}

/** A list of calls that ops append to, all marked with the same move. */
export function createEmit(calls: Call[], move: Move): Emit {
  return {
    call(kernel, { bindings, constants, activation }) {
      calls.push({ kernel, move, bindings, constants, ...(activation === undefined ? {} : { activation }) } as Call);
    },
  };
}

/** What the forward pass of a graph leaves for its backward pass. */
export interface ForwardPass {
  readonly calls: readonly Call[];
  /** The nodes with the tensors that the backward pass finds. */
  readonly nodes: readonly Node[];
  /** Calls that must come before a node's backward calls, because they compute what was not kept; see checkpoint.ts. */
  readonly recompute: ReadonlyMap<Node, readonly Call[]>;
  /** The saved tensor of each node that saved one. */
  readonly saved: ReadonlyMap<Node, Tensor>;
}

/** Emits the forward calls of nodes, in their order; `move` where they are not part of the forward move. */
export function forwardPass({ nodes }: { readonly nodes: readonly Node[] }, move: Move = "forward"): ForwardPass {
  const calls: Call[] = [];
  const saved = new Map<Node, Tensor>();
  const save = (node: Node, name: string): Tensor => {
    const tensor = { ...node.output, name: `${node.name}.${name}` };
    saved.set(node, tensor);
    return tensor;
  };
  const emit: Forward = { ...createEmit(calls, move), save };
  for (const node of nodes) node.op.forward(node, emit);
  return { calls, nodes, saved, recompute: new Map() };
}
