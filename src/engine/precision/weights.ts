import type { Call } from "../graph/program.ts";
import { offsetOf, sliceOf, type Tensor } from "../graph/tensor.ts";
import type { ParameterArena } from "../parameters.ts";
import { castingOf } from "./rounding.ts";
import type { Storage } from "./storage.ts";

/** The weights that forward and backward passes read: the parameters themselves in float32, otherwise a rounded copy. */
export interface Weights {
  /** By the names of the parameters. */
  readonly slices: ReadonlyMap<string, Tensor>;
  /** Calls that bring the copy up to date, to come before anything that reads it. */
  readonly refresh: readonly Call[];
}

/**
 * Mixed precision keeps the parameters in float32, so that updates smaller than half a unit in the last place of a weight
 * add up, and computes with a copy of them: Micikevicius et al. 2018, https://arxiv.org/abs/1710.03740, section 3.1.
 */
export function weightsAt(storage: Storage, parameters: ParameterArena): Weights {
  if (storage.type === "f32" && storage.rounded === undefined) return { slices: parameters.slices, refresh: [] };
  const copy: Tensor = { ...parameters.arena, ...storage, name: "rounded parameters" };
  const slices = [...parameters.slices].map(([name, tensor]): [string, Tensor] => [
    name,
    sliceOf(copy, tensor.name, tensor.shape, offsetOf(tensor)),
  ]);
  return { slices: new Map(slices), refresh: castingOf(parameters.arena, copy) };
}
