import wgsl from "#shaders/probes/limits.wgsl?raw";
import { defineKernel } from "./graph/kernel.ts";

/** Floating-point operations of one invocation of `multiplyAdd` per round: 32 multiply-adds of four numbers. */
export const FLOP_PER_ROUND = 2 * 32 * 4;

/** Bytes that one invocation of `copy` reads and writes. */
export const COPIED_BYTES = 2 * 4 * 4;

/** The most multiply-adds that a GPU makes: destination (N, 4) of source (N, 4), in registers. For benchmarks. */
export const multiplyAdd = defineKernel({
  name: "multiplyAdd",
  wgsl,
  entry: "multiplyAdd",
  bindings: { source: "read", destination: "write" },
  constants: ["N", "rounds"],
  workgroup: [64, 1],
  invocations: ({ N }) => [N, 1],
});

/** The most bytes that a GPU moves: destination (N, 4) becomes source (N, 4). For benchmarks. */
export const copy = defineKernel({
  name: "copy",
  wgsl,
  entry: "copy",
  bindings: { source: "read", destination: "write" },
  constants: ["N"],
  workgroup: [64, 1],
  invocations: ({ N }) => [N, 1],
});
