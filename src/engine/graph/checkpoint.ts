import { type ForwardPass, forwardPass, type Node } from "./graph.ts";
import type { Call } from "./program.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Activation checkpointing (Chen et al. 2016, https://arxiv.org/abs/1604.06174): cuts the nodes into about as many
 * segments as a segment has nodes, keeps what one segment hands to another, and lets the backward pass compute the rest
 * of a segment a second time, just before it needs it. The last segment is never computed again: the backward pass
 * begins with it.
 *
 * The second computation is the same calls on the same numbers, so the gradients are the same to the bit.
 */
export function checkpointed(forward: ForwardPass): ForwardPass {
  const { nodes } = forward;
  const length = Math.ceil(Math.sqrt(nodes.length));
  const segments = Array.from({ length: Math.ceil(nodes.length / length) }, (_, segment) =>
    nodes.slice(segment * length, (segment + 1) * length),
  );
  const dropped = new Set(segments.slice(0, -1).flatMap((segment) => innerNodes(segment, nodes)));
  const again = new Map<Tensor, Tensor>(
    [...dropped].map(({ output }) => [output, { ...output, name: `${output.name} again` }]),
  );
  const seen = new Map(nodes.map((node) => [node, seenBackwards(node, again)]));
  const viewOf = (node: Node): Node => seen.get(node) ?? node;

  const saved = new Map<Node, Tensor>();
  for (const [node, tensor] of forward.saved) if (!dropped.has(node)) saved.set(viewOf(node), tensor);
  const recompute = new Map<Node, readonly Call[]>();
  for (const segment of segments) {
    const inner = forwardPass({ nodes: segment.filter((node) => dropped.has(node)).map(viewOf) }, "backward");
    for (const [node, tensor] of inner.saved) saved.set(node, tensor);
    const last = segment.at(-1);
    if (last !== undefined && inner.calls.length > 0) recompute.set(viewOf(last), inner.calls);
  }
  return { calls: forward.calls, nodes: nodes.map(viewOf), saved, recompute };
}

/** The nodes of a segment whose outputs are used in it alone, and used at all. */
function innerNodes(segment: readonly Node[], nodes: readonly Node[]): readonly Node[] {
  return segment.filter(({ output }) => {
    const users = nodes.filter(({ inputs }) => Object.values(inputs).includes(output));
    return users.length > 0 && users.every((user) => segment.includes(user));
  });
}

/** The node with the tensors that the backward pass finds instead of the dropped ones. */
function seenBackwards(node: Node, again: ReadonlyMap<Tensor, Tensor>): Node {
  const of = (tensor: Tensor): Tensor => again.get(tensor) ?? tensor;
  const inputs = Object.fromEntries(Object.entries(node.inputs).map(([name, tensor]) => [name, of(tensor)]));
  const output = of(node.output);
  return { ...node, inputs, output, name: output === node.output ? node.name : `${node.name} again` };
}
