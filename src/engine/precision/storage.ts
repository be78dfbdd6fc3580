import type { Format, Tensor } from "../graph/tensor.ts";

/** How weights, activations and gradients are stored. Masters and sums are float32 with all of them. */
export type Precision = "f32" | Format;

/** What the tensors of a run's weights, activations and gradients have in common. */
export type Storage = Pick<Tensor, "type" | "rounded">;

/**
 * Numbers of 16 bits lie in memory as such where the device can (`type` is the format), and are rounded by the kernels that
 * store them. Elsewhere they are float32, with the numbers that the format would have: see `withRounding`.
 */
export function storageOf(precision: Precision = "f32", storesHalf = false): Storage {
  if (precision === "f32") return { type: "f32" };
  return storesHalf ? { type: precision } : { type: "f32", rounded: precision };
}
