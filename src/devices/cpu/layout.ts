import type { Plan } from "../../engine/graph/program.ts";
import { elements, replicaStride, rootOf, shapeText, type Tensor } from "../../engine/graph/tensor.ts";
import { DeviceError, type Part } from "../device.ts";
import { ALIGNMENT_BYTES } from "./allocator.ts";

const BYTES_PER_ELEMENT = 4;

/** Where a plan's blocks lie, in bytes from the start of its memory. */
export interface Layout {
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/** Lays the blocks of a plan out one after the other. */
export function layBlocks(plan: Plan): Layout {
  let bytes = 0;
  const offsets = plan.memory.blocks.map((block) => {
    const offset = bytes;
    bytes += Math.ceil(block.bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    return offset;
  });
  return { offsets, bytes };
}

/** Offset in bytes of a replica's copy of a tensor. Throws a `DeviceError` on a tensor or replica without memory. */
export function offsetOf(tensor: Tensor, plan: Plan, layout: Layout, replica: number): number {
  const block = plan.memory.blockOf.get(rootOf(tensor));
  const start = block === undefined ? undefined : layout.offsets[block];
  if (start === undefined) {
    throw new DeviceError(
      `${tensor.name}: got a tensor without memory, expected one of the plan. Keep it in the plan.`,
    );
  }
  if (!Number.isInteger(replica) || replica < 0 || replica >= plan.replicas) {
    throw new DeviceError(
      `replica: got ${replica}, expected 0 to ${plan.replicas - 1}. Load a plan with more replicas.`,
    );
  }
  return start + BYTES_PER_ELEMENT * (replica * replicaStride(tensor) + (tensor.slice?.offset ?? 0));
}

/** How many elements a part of a tensor has. Throws a `DeviceError` on more than there are. */
export function countOf(tensor: Tensor, { count }: Part): number {
  const all = elements(tensor.shape);
  if (count === undefined) return all;
  if (Number.isInteger(count) && count >= 0 && count <= all) return count;
  throw new DeviceError(
    `${tensor.name}: got ${count} elements, expected at most ${all} of ${shapeText(tensor.shape)}. Ask for fewer.`,
  );
}
