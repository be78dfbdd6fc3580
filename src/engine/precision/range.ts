import rounding from "#shaders/common/storage-rounding.wgsl?raw";
import wgsl from "#shaders/precision/range.wgsl?raw";
import { createEmit } from "../graph/graph.ts";
import { defineKernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";
import type { Call } from "../graph/program.ts";
import { createTensor, elements, type Format, sliceOf, type Tensor } from "../graph/tensor.ts";
import { formatNumber } from "./rounding.ts";

/** Parts of a tensor that are counted apart, and counts of each, as in `shaders/precision/range.wgsl`. */
export const RANGE_SLICES = 16;
export const RANGE_COLUMNS = 48;
/** Columns before the octaves: zeros, numbers that become 0, numbers that become infinite, and non-finite numbers. */
export const RANGE_FATES = 4;
/** Exponent of the first octave's upper end: below it, nothing is told apart. */
export const LEAST_OCTAVE_END = -26;

const SLICE = RANGE_SLICES * RANGE_COLUMNS;

/** Counts of values (N) by what rounding does to them and by octave: counts (16, 48). */
export const countRange = defineKernel({
  name: "countRange",
  wgsl: link(wgsl, rounding),
  entry: "countRange",
  bindings: { values: "read", counts: "write" },
  constants: ["N", "format"],
  workgroup: [64, 1],
  invocations: () => [SLICE, 1],
});

/** Tensors to count, by the names under which they are reported. */
export type Counted = readonly { readonly name: string; readonly values: Tensor }[];

/** A table of counts (T, 16, 48) for T tensors, and the call that fills each one's rows. */
export function rangeTable(counted: Counted, format: Format) {
  const counts = createTensor({
    ...{ name: "ranges", shape: [counted.length, RANGE_SLICES, RANGE_COLUMNS] },
    ...{ type: "u32", role: "metrics", perReplica: true },
  });
  const calls = new Map<Tensor, readonly Call[]>();
  counted.forEach(({ name, values }, index) => {
    const rows = sliceOf(counts, `${name} range`, [RANGE_SLICES, RANGE_COLUMNS], index * SLICE);
    const ofTensor: Call[] = [];
    createEmit(ofTensor, "backward").call(countRange, {
      bindings: { values, counts: rows },
      constants: { N: elements(values.shape), format: formatNumber(format) },
    });
    calls.set(values, ofTensor);
  });
  return { counts, calls };
}
