import { type Backward, createEmit, type ForwardPass, type Node } from "./graph.ts";
import type { Call } from "./program.ts";
import { elements, type Tensor } from "./tensor.ts";

/** A tensor whose gradient is known from the start, and the tensor that holds it: what a loss kernel leaves. */
export interface Seed {
  readonly of: Tensor;
  readonly gradient: Tensor;
}

export interface DifferentiateOptions {
  readonly forward: ForwardPass;
  readonly seed: Seed;
  /** Parameter to the tensor that takes its gradient. */
  readonly parameterGradients: ReadonlyMap<Tensor, Tensor>;
  /** Whether the parameters' gradients hold those of an earlier batch already, to which these are added. */
  readonly accumulates?: boolean;
}

/**
 * Reverse-mode automatic differentiation at build time: walks the nodes backwards and lets each op emit the calls that
 * turn the gradient of its output into the gradients of its inputs. The first writer of a gradient stores, later ones
 * add, so nothing is ever cleared. Nodes that no parameter needs emit nothing.
 */
export function differentiate(options: DifferentiateOptions): readonly Call[] {
  const { forward, seed, parameterGradients, accumulates = false } = options;
  const calls: Call[] = [];
  const producers = new Map(forward.nodes.map((node) => [node.output, node]));
  const needed = tensorsThatNeedGradients(forward, parameterGradients);
  const gradients = new Map<Tensor, Tensor>([...parameterGradients, [seed.of, seed.gradient]]);
  const written = new Set<Tensor>([seed.of]);

  const gradientTensor = (tensor: Tensor): Tensor => {
    const known = gradients.get(tensor);
    if (known !== undefined) return known;
    const gradient: Tensor = { ...tensor, name: `${tensor.name}Grad`, role: "activations" };
    gradients.set(tensor, gradient);
    return gradient;
  };

  const emit: Backward = {
    ...createEmit(calls, "backward"),
    gradientOf: (node) => gradientTensor(node.output),
    needsGradient: (tensor) => needed.has(tensor),
    writeGradient(input) {
      const isHeld = accumulates && parameterGradients.has(input);
      const accumulate = isHeld || written.has(input) ? 1 : 0;
      written.add(input);
      return { tensor: gradientTensor(input), accumulate };
    },
    producer(input) {
      const node = producers.get(input);
      if (node === undefined) return { activation: "identity", saved: input };
      return { activation: node.activation, saved: forward.saved.get(node) ?? input };
    },
  };

  for (const node of forward.nodes.toReversed()) {
    calls.push(...(forward.recompute.get(node) ?? []));
    if (written.has(node.output) && dependsOnNeeded(node, needed)) node.op.backward(node, emit);
  }
  expectAllWritten(parameterGradients, written);
  return calls;
}

const dependsOnNeeded = (node: Node, needed: ReadonlySet<Tensor>) =>
  Object.values(node.inputs).some((input) => needed.has(input));

function tensorsThatNeedGradients(
  { nodes }: ForwardPass,
  parameters: ReadonlyMap<Tensor, Tensor>,
): ReadonlySet<Tensor> {
  const needed = new Set<Tensor>(parameters.keys());
  for (const node of nodes) if (dependsOnNeeded(node, needed)) needed.add(node.output);
  return needed;
}

/** A parameter without a gradient would silently keep whatever its memory held. */
function expectAllWritten(parameters: ReadonlyMap<Tensor, Tensor>, written: ReadonlySet<Tensor>): void {
  for (const parameter of parameters.keys()) {
    if (written.has(parameter)) continue;
    throw new Error(
      `${parameter.name}: got no gradient for its ${elements(parameter.shape)} numbers, ` +
        "expected the loss to depend on it. Leave the parameter out or use it in the graph.",
    );
  }
}
