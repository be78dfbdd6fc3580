import direct from "#shaders/layers/linear-direct.wgsl?raw";
import quad from "#shaders/layers/linear-quad.wgsl?raw";
import split from "#shaders/layers/linear-split.wgsl?raw";
import tiled from "#shaders/layers/linear-tiled.wgsl?raw";
import type { Constants, Product, Variant, Variants } from "../graph/kernel.ts";

/** The entry points that every module of the layer has. */
type Entry = "forward" | "forwardSaving" | "backwardInput" | "backwardWeight";

/** Which of B, I and O are the rows, the columns and the depth of a product. */
const sizesOf: Readonly<Record<Entry, { readonly [size in keyof Product]: "B" | "I" | "O" }>> = {
  forward: { rows: "B", columns: "O", depth: "I" },
  forwardSaving: { rows: "B", columns: "O", depth: "I" },
  backwardInput: { rows: "B", columns: "I", depth: "O" },
  backwardWeight: { rows: "O", columns: "I", depth: "B" },
};

const productOf = (entry: Entry, constants: Constants): Product => {
  const { rows, columns, depth } = sizesOf[entry];
  return { rows: constants[rows] ?? 0, columns: constants[columns] ?? 0, depth: constants[depth] ?? 0 };
};

/**
 * `linear-quad.wgsl`: four invocations share a 16 x 16 tile. Where software simulates the GPU (SwiftShader) it takes 16 ms
 * where the plain variant takes 55 (784 to 256, batch 128).
 */
const quadVariant = (entry: Entry): Variant => ({
  name: "quad",
  wgsl: quad,
  tile: { rows: 16, columns: 16, shared: "quad" },
  needs: ["subgroups"],
  fits: () => true,
  passes: [
    {
      entry,
      workgroup: [64, 1],
      invocations(constants) {
        const { rows, columns } = productOf(entry, constants);
        return [4 * Math.ceil(rows / 16) * Math.ceil(columns / 16), 1];
      },
    },
  ],
});

/**
 * `linear-direct.wgsl`: one invocation owns 8 x 8, loaded four numbers at a time. For GPUs whose caches feed registers: on
 * Apple's, kernels of this kind reach 900 GFLOP/s on an M1, https://jott.live/markdown/m1_webgpu_perf, and, says jax-js, over
 * 7,000 on an M4 Max, https://github.com/ekzhang/jax-js, both without workgroup memory.
 */
const directVariant = (entry: Entry): Variant => ({
  name: "direct",
  wgsl: direct,
  tile: { rows: 8, columns: 8, shared: "invocation" },
  needs: [],
  fits: ({ I = 0, O = 0 }) => I % 4 === 0 && O % 4 === 0,
  passes: [
    {
      entry,
      workgroup: [8, 8],
      invocations(constants) {
        const { rows, columns } = productOf(entry, constants);
        return [Math.ceil(columns / 8), Math.ceil(rows / 8)];
      },
    },
  ],
});

/**
 * `linear-tiled.wgsl` with tiles of 64, or 128 for large products. It wins on no GPU in software, whose barriers are slow. On
 * an NVIDIA A6000 such tiles, 8 x 8 numbers per invocation, reach 68.7 % of cuBLAS's float32 rate where one number per
 * invocation reaches 1.3 %: S. Boehm, https://siboehm.com/articles/22/CUDA-MMM.
 */
const tiledVariant = (entry: Entry, side: 64 | 128): Variant => ({
  name: `tiled ${side}`,
  wgsl: tiled,
  tile: { rows: side, columns: side, shared: "workgroup" },
  needs: [],
  fits: () => true,
  passes: [
    {
      entry,
      workgroup: [side / 8, side / 8],
      invocations(constants) {
        const { rows, columns } = productOf(entry, constants);
        return [(Math.ceil(columns / side) * side) / 8, (Math.ceil(rows / side) * side) / 8];
      },
    },
  ],
});

/** Parts of the sum, and batches from which on a sum is long enough to be cut: see `linear-split.wgsl`. */
const PARTS = 16;
const TALL_BATCH = 512;

/**
 * `linear-split.wgsl`. A weight of 64 x 64 has 256 tiles of 4 x 4, too few for a GPU with some 17,000 lanes (an H200: 132
 * processors of 128), whatever the batch; cut in 16 parts it has 4,096. Known as split-K:
 * https://github.com/NVIDIA/cutlass/blob/v3.5.1/media/docs/efficient_gemm.md
 */
const splitVariant: Variant = {
  name: "split",
  wgsl: split,
  tile: { rows: 4, columns: 4, shared: "invocation" },
  needs: [],
  fits: ({ B = 0, I = 0, O = 0 }) => B >= TALL_BATCH && B >= 2 * Math.max(I, O),
  scratch: ({ I = 0, O = 0 }) => PARTS * O * (I + 1),
  passes: [
    {
      entry: "partialSums",
      bindings: ["outputGrad", "input", "scratch"],
      workgroup: [8, 8],
      invocations: ({ I = 0, O = 0 }) => [Math.ceil(I / 4), PARTS * Math.ceil(O / 4)],
    },
    {
      entry: "addParts",
      bindings: ["gradients", "scratch"],
      workgroup: [8, 8],
      invocations: ({ I = 0, O = 0 }) => [I + 1, O],
    },
  ],
};

/** All implementations of one of the layer's products. */
export const linearVariants = (entry: Entry): Variants => ({
  product: (constants) => productOf(entry, constants),
  plain: { rows: 4, columns: 4, shared: "invocation" },
  others: [
    quadVariant(entry),
    directVariant(entry),
    tiledVariant(entry, 64),
    tiledVariant(entry, 128),
    ...(entry === "backwardWeight" ? [splitVariant] : []),
  ],
});
