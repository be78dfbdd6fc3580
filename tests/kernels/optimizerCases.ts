import type { Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import type { Values } from "../../src/lib/hyperparameters.ts";
import type { KernelCase, Operand } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { UPDATE_BOUND } from "./tolerances.ts";

/** Numbers in (0, 1), as second moments are; a small one would magnify the first moment's rounding. */
function positive(operand: Operand): Operand {
  return {
    ...operand,
    values: (replica) => Float32Array.from(operand.values?.(replica) ?? [], (x) => 0.1 + 0.9 * Math.abs(Math.tanh(x))),
  };
}

function within1(operand: Operand): Operand {
  return { ...operand, values: (replica) => Float32Array.from(operand.values?.(replica) ?? [], Math.tanh) };
}

/** A definition's scalars at step t, in the order of the kernel. */
export const scalarsAt = ({ scalars }: Optimizer, values: Values, t: number): readonly number[] =>
  Object.values(scalars).map((scalar) => (scalar as (values: Values, t: number) => number)(values, t));

export interface UpdateOptions {
  readonly optimizer: Optimizer;
  readonly values: Values;
  readonly P: number;
  readonly matrices: number;
  readonly replicas: number;
  readonly seed: number;
}

/** One update at step 3, from states as they are in the middle of a run. The clock's second number is the row. */
export function updateCase({ optimizer, values, P, matrices, replicas, seed }: UpdateOptions): KernelCase {
  const rows = [1, 2, 3].flatMap((t) => Array.from({ length: replicas }, () => scalarsAt(optimizer, values, t)).flat());
  const state = optimizer.state.map((name, index) => [name, positive(normals(seed + 2 + index, [P]))] as const);
  const written = ["parameters", ...optimizer.state];
  return {
    title: `P ${P}, matrices ${matrices}`,
    kernel: optimizer.kernel,
    constants: { P, matrices, R: replicas },
    operands: {
      parameters: within1(normals(seed, [P])),
      gradients: within1(normals(seed + 1, [P])),
      ...Object.fromEntries(state),
      clock: { shape: [2], type: "u32", values: () => [0, 2] },
      scalars: { shape: [3, replicas, rows.length / 3 / replicas], isShared: true, values: () => rows },
    },
    bounds: () => Object.fromEntries(written.map((name) => [name, new Float64Array(P).fill(UPDATE_BOUND)])),
  };
}
