import rounding from "#shaders/common/storage-rounding.wgsl?raw";
import round from "#shaders/precision/round.wgsl?raw";
import { createEmit } from "../graph/graph.ts";
import { defineKernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";
import type { Call } from "../graph/program.ts";
import { elements, type Format, isHalf, type Tensor } from "../graph/tensor.ts";

/** The numbers by which kernels know the formats; see `shaders/common/storage-rounding.wgsl`. */
const formatNumbers: Readonly<Record<Format, number>> = { f16: 0, bf16: 1 };

export const formatNumber = (format: Format): number => formatNumbers[format];

const wgsl = link(round, rounding);
/** Numbers that one invocation rounds, as in `shaders/precision/round.wgsl`. */
const ROUNDED = 4;

/** Rounds values (N) in place to what the format can hold: to nearest, ties to even. */
export const roundStored = defineKernel({
  name: "roundStored",
  wgsl,
  entry: "roundValues",
  bindings: { values: "readWrite" },
  constants: ["N", "format"],
  workgroup: [64, 1],
  invocations: ({ N }) => [Math.ceil(N / ROUNDED), 1],
});

/** stored (N) = source (N), rounded as `roundStored` does. */
export const castStored = defineKernel({
  name: "castStored",
  wgsl,
  entry: "castSource",
  bindings: { source: "read", stored: "write" },
  constants: ["N", "format"],
  workgroup: [64, 1],
  invocations: ({ N }) => [Math.ceil(N / ROUNDED), 1],
});

/** A call that rounds a tensor's numbers in place; it belongs to the move of the call that wrote them. */
export const roundingOf = (values: Tensor, format: Format, move: Call["move"]): Call => ({
  kernel: roundStored,
  move,
  bindings: { values },
  constants: { N: elements(values.shape), format: formatNumber(format) },
});

/** Calls that fill `stored` with the numbers of `source`, rounded to its format; none where it is `source` itself. */
export function castingOf(source: Tensor, stored: Tensor): readonly Call[] {
  if (stored === source) return [];
  const format = isHalf(stored.type) ? stored.type : stored.rounded;
  if (format === undefined) {
    throw new RangeError(`${stored.name}: got numbers of type ${stored.type} that are not rounded, expected a format.`);
  }
  const calls: Call[] = [];
  createEmit(calls, "forward").call(castStored, {
    bindings: { source, stored },
    constants: { N: elements(stored.shape), format: formatNumber(format) },
  });
  return calls;
}

/** The tensors that a call writes and whose numbers must be rounded then. */
export function roundedBy({ kernel, bindings }: Call): readonly Tensor[] {
  if (kernel.name === castStored.name) return [];
  return Object.entries(bindings).flatMap(([name, tensor]) =>
    tensor.rounded !== undefined && kernel.bindings[name] !== "read" ? [tensor] : [],
  );
}

/**
 * The calls, each followed by the rounding of what it wrote, for tensors with a format: what a kernel computes in float32
 * goes on as if its memory had 16 bits per number. Calls that write none stay as they are.
 *
 * @param before further calls that see the numbers of a tensor before they are rounded.
 */
export function withRounding(
  calls: readonly Call[],
  before: (tensor: Tensor, call: Call) => readonly Call[] = () => [],
): readonly Call[] {
  return calls.flatMap((call) => [
    call,
    ...roundedBy(call).flatMap((tensor) => {
      const { rounded } = tensor;
      return rounded === undefined ? [] : [...before(tensor, call), roundingOf(tensor, rounded, call.move)];
    }),
  ]);
}
