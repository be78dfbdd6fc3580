import type { Format, Tensor } from "../graph/tensor.ts";

/** How weights, activations and gradients are stored. Masters and sums are float32 with all of them. */
export type Precision = "f32" | Format;

/** What the tensors of a run's weights, activations and gradients have in common. */
export type Storage = Pick<Tensor, "type" | "rounded">;

/**
 * float16 lies in memory as such where the device can (`type` is f16), and its numbers are rounded by the kernels that
 * store them. All else is float32, with the numbers that the format would have: see `withRounding`.
 */
export function storageOf(precision: Precision = "f32", storesHalf = false): Storage {
  if (precision === "f32") return { type: "f32" };
  return precision === "f16" && storesHalf ? { type: "f16" } : { type: "f32", rounded: precision };
}
