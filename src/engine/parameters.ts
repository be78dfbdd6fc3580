import { aligned, createTensor, elements, type Role, sliceOf, type Tensor } from "./graph/tensor.ts";
import type { ParameterShape } from "./initializers/initializer.ts";

/** A weight or bias before it has a place: its name in PyTorch's `state_dict`, shape and fans. */
export interface ParameterSpec extends ParameterShape {
  readonly name: string;
}

/** All parameters in one flat arena (P), matrices first, so that "no decay on biases" is one comparison. */
export interface ParameterArena {
  readonly arena: Tensor;
  /** Slices of the arena, by the name of the parameter, in the order of the specs. */
  readonly slices: ReadonlyMap<string, Tensor>;
  /** Elements, from the front, that belong to matrices. */
  readonly matrices: number;
}

/** Lays parameters, or another number per parameter, out in one arena; every slice starts at a multiple of 128 elements. */
export function layArena(specs: readonly ParameterSpec[], name: string, role: Role, suffix = ""): ParameterArena {
  const isMatrix = (spec: ParameterSpec) => spec.shape.length > 1;
  const offsets = new Map<ParameterSpec, number>();
  let end = 0;
  let matrices = 0;
  for (const spec of [...specs.filter(isMatrix), ...specs.filter((spec) => !isMatrix(spec))]) {
    offsets.set(spec, end);
    end += aligned(elements(spec.shape));
    if (isMatrix(spec)) matrices = end;
  }
  const arena = createTensor({ name, shape: [Math.max(end, 1)], type: "f32", role, perReplica: true });
  const slices = specs.map((spec): [string, Tensor] => [
    spec.name,
    sliceOf(arena, spec.name + suffix, spec.shape, offsets.get(spec) ?? 0),
  ]);
  return { arena, slices: new Map(slices), matrices };
}

/** How many numbers a model learns. */
export const countParameters = (specs: readonly ParameterSpec[]): number =>
  specs.reduce((sum, spec) => sum + elements(spec.shape), 0);
