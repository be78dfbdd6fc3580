import wgsl from "#shaders/common/matmul.wgsl?raw";
import exact from "#shaders/common/matmul-exact.wgsl?raw";
import pairs from "#shaders/common/matmul-pairs.wgsl?raw";
import { defineKernel } from "./graph/kernel.ts";
import { link } from "./graph/link.ts";

/**
 * result (rows, columns) = α · left (rows, depth) · right (depth, columns) + β · addend (rows, columns), for optimizers
 * that work on matrices. `transposed` 1: right is (columns, depth). α and β are the scalars of the step number `alphaAt`
 * and `betaAt`, counted from 1; 0 is a factor of 1 and no addend. S is the number of scalars in a row.
 */
export const matmul = defineKernel({
  name: "matmul",
  wgsl,
  entry: "multiply",
  bindings: { left: "read", right: "read", addend: "read", clock: "read", scalars: "read", result: "write" },
  constants: ["rows", "columns", "depth", "transposed", "alphaAt", "betaAt", "S", "R"],
  workgroup: [8, 8],
  invocations: ({ rows, columns }) => [Math.ceil(columns / 4), Math.ceil(rows / 4)],
});

/**
 * As a product of float64 matrices, each the sum of two float32 planes: left (2, rows, depth), right (2, depth, columns),
 * result (2, rows, columns), stored or added. Relative to the norms the error is below depth · 2^-44 (Ogita, Rump and
 * Oishi 2005). Does nothing where the first number of gate (8) is 0; the last one must be 0.
 */
export const exactMatmul = defineKernel({
  name: "exactMatmul",
  wgsl: link(exact, pairs),
  entry: "multiply",
  bindings: { left: "read", right: "read", gate: "read", result: "readWrite" },
  constants: ["rows", "columns", "depth", "accumulate"],
  workgroup: [8, 8],
  invocations: ({ rows, columns }) => [columns, rows],
});

/** norm (1) = square root of the sum of squares of input (count). */
export const frobenius = defineKernel({
  name: "frobenius",
  wgsl,
  entry: "frobenius",
  bindings: { input: "read", norm: "write" },
  constants: ["count"],
  workgroup: [256, 1],
  invocations: () => [256, 1],
});
