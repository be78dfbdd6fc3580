import { elements, offsetOf, type Tensor } from "../graph/tensor.ts";
import type { ParameterArena } from "../parameters.ts";

/** A weight matrix (rows, columns): as many rows as the layer has outputs. */
export interface Matrix {
  readonly name: string;
  readonly tensor: Tensor;
  readonly rows: number;
  readonly columns: number;
  /** Where it lies in the arena of all parameters. */
  readonly start: number;
  readonly count: number;
}

/** The matrices among the parameters, from the input to the output. */
export function matricesOf({ slices }: ParameterArena): readonly Matrix[] {
  return [...slices].flatMap(([name, tensor]) => {
    const [rows = 0, columns] = tensor.shape;
    if (columns === undefined) return [];
    return [{ name, tensor, rows, columns, start: offsetOf(tensor), count: elements(tensor.shape) }];
  });
}
