import control from "#shaders/common/control.wgsl?raw";
import fold from "#shaders/probes/foldLanes.wgsl?raw";
import gradNorm from "#shaders/probes/gradNorm.wgsl?raw";
import { defineKernel } from "./graph/kernel.ts";
import { link } from "./graph/link.ts";
import { elements, type Tensor } from "./graph/tensor.ts";

/** Sums of squares and counts of all gradients (P), by lane: the first two thirds of partials (3 L). */
export const gradNormPartials = defineKernel({
  name: "gradNormPartials",
  wgsl: link(gradNorm, control),
  entry: "partialSums",
  bindings: { gradients: "read", lanes: "read", control: "read", partials: "readWrite" },
  constants: ["L"],
  workgroup: [64, 1],
  invocations: ({ L }) => [L, 1],
});

/** Adds up lanes: partials (3 L) to folded (3 F), of which the last third, the penalties, only where penalized is 1. */
export const foldLanes = defineKernel({
  name: "foldLanes",
  wgsl: fold,
  entry: "foldLanes",
  bindings: { partials: "read", folds: "read", folded: "write" },
  constants: ["L", "F", "penalized"],
  workgroup: [64, 1],
  invocations: ({ F }) => [F, 1],
});

/** Rows (start, end, stride), each of which owns start, start + stride, ... below end; where each tensor's rows end. */
export interface Lanes {
  readonly lanes: Uint32Array;
  readonly laneEnds: Uint32Array;
  readonly count: number;
}

/** Elements that a lane sums at least, where a tensor has as many. */
const LANE_ELEMENTS = 16;
/** Lanes that walk through a block side by side: neighbours read neighbouring numbers, in pages that stay at hand. */
const BLOCK_LANES = 64;
/** Elements of a block, and blocks of one tensor at most: a larger one has larger blocks. */
const BLOCK_ELEMENTS = 64 * BLOCK_LANES;
const BLOCKS = 256;
/** Lanes that a fold adds up. */
const FOLD_LANES = 64;
/** As many lanes are left to whoever adds up the last ones: it waits for memory about as long as another fold takes. */
const LAST_LANES = 128;

/** The lanes of the gradient norm over slices of one arena. */
export function gradNormLanes(slices: readonly Tensor[]): Lanes {
  return tableOf(slices.map(({ slice, shape }) => blocksOf(slice?.offset ?? 0, elements(shape))));
}

function blocksOf(start: number, count: number): readonly number[] {
  const rows: number[] = [];
  const size = Math.max(BLOCK_ELEMENTS, BLOCK_LANES * Math.ceil(count / BLOCKS / BLOCK_LANES));
  for (let from = 0; from < count; from += size) {
    const length = Math.min(size, count - from);
    rows.push(...stridesOf(start + from, length, Math.min(BLOCK_LANES, Math.ceil(length / LANE_ELEMENTS))));
  }
  return rows;
}

/** Rows over `count` numbers from `start` on, `stride` of them side by side. */
const stridesOf = (start: number, count: number, stride: number): readonly number[] =>
  Array.from({ length: stride }, (_, row) => [start + row, start + count, stride]).flat();

/** From the rows of each tensor. */
function tableOf(rows: readonly (readonly number[])[]): Lanes {
  let end = 0;
  const laneEnds = rows.map(({ length }) => {
    end += length / 3;
    return end;
  });
  return { lanes: Uint32Array.from(rows.flat()), laneEnds: Uint32Array.from(laneEnds), count: end };
}

/** What `foldLanes` needs to leave few enough lanes: tables over the lanes, over the first folds, and so on; often none. */
export function foldsOf({ laneEnds, count }: Lanes): readonly Lanes[] {
  if (count <= Math.max(LAST_LANES, laneEnds.length)) return [];
  const folds = tableOf(
    [...laneEnds].map((end, tensor) => {
      const start = laneEnds[tensor - 1] ?? 0;
      return stridesOf(start, end - start, Math.ceil((end - start) / FOLD_LANES));
    }),
  );
  return [folds, ...foldsOf(folds)];
}
