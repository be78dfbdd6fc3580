import { CONTROL_SIZE, initialControl, uncontrolled } from "../../src/engine/control.ts";
import { createTensor, elements } from "../../src/engine/graph/tensor.ts";
import type { ElementwiseOptimizer, Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import type { ParameterArena } from "../../src/engine/parameters.ts";
import type { Values } from "../../src/lib/hyperparameters.ts";
import type { KernelCase, Operand } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { UPDATE_BOUND } from "./tolerances.ts";

/**
 * Numbers in (0.5, 0.6): second moments, of which a small one would magnify the first's rounding, and means whose square
 * is well below them, as in any run.
 */
export function positive(operand: Operand): Operand {
  return {
    ...operand,
    values: (replica) => Float32Array.from(operand.values?.(replica) ?? [], (x) => 0.5 + 0.1 * Math.abs(Math.tanh(x))),
  };
}

/** Numbers between -1 and 1. */
export function within1(operand: Operand): Operand {
  return { ...operand, values: (replica) => Float32Array.from(operand.values?.(replica) ?? [], Math.tanh) };
}

/** A definition's scalars at step t, in the order of the kernel. */
export const scalarsAt = ({ scalars }: Optimizer, values: Values, t: number): readonly number[] =>
  Object.values(scalars).map((scalar) => (scalar as (values: Values, t: number) => number)(values, t));

/** An arena of parameters, of which none has a name. */
export function bareArena(name: string, P: number, matrices: number): ParameterArena {
  const arena = createTensor({ name, shape: [P], type: "f32", role: "parameters", perReplica: true });
  return { arena, slices: new Map(), matrices };
}

/** What steers the given update of a run, counted from 1; of a skipped step the factor is 0. */
export function controlAt(updated: number, { factor = 1, limit = uncontrolled.limit } = {}): Float32Array {
  const control = initialControl({ ...uncontrolled, limit });
  control.set([factor, 0, updated], CONTROL_SIZE - 3);
  return control;
}

export interface UpdateOptions {
  readonly optimizer: ElementwiseOptimizer;
  readonly values: Values;
  readonly P: number;
  readonly matrices: number;
  readonly replicas: number;
  readonly seed: number;
  /** What the gradients are multiplied with; 0 skips the step. */
  readonly factor?: number;
  /** The number of the update, from 1; less than that of the step where steps were skipped. */
  readonly updated?: number;
}

/** The last step is one that RAdam rectifies. */
const STEPS = [1, 2, 9];

/** One update, from states as they are in the middle of a run. The clock's second number is the row. */
export function updateCase({
  optimizer,
  values,
  P,
  matrices,
  replicas,
  seed,
  factor = 0.75,
  updated = 9,
}: UpdateOptions): KernelCase {
  const rows = STEPS.flatMap((t) => Array.from({ length: replicas }, () => scalarsAt(optimizer, values, t)).flat());
  const kept = optimizer.layState(bareArena("parameters", P, matrices), values);
  const state = kept.map(({ name, tensor: { shape } }, index) => [name, positive(normals(seed + 2 + index, shape))]);
  // A gradient clipped by norm, and some of its elements by value
  const control = controlAt(updated, { factor, limit: 0.4 });
  const names = ["parameters", ...kept.filter(({ tensor }) => elements(tensor.shape) === P).map(({ name }) => name)];
  const bounds = names.map((name) => [name, new Float64Array(P).fill(UPDATE_BOUND)]);
  return {
    title: `P ${P}, matrices ${matrices}, update ${updated}`,
    kernel: optimizer.kernel,
    constants: { P, matrices, R: replicas },
    operands: {
      parameters: within1(normals(seed, [P])),
      gradients: within1(normals(seed + 1, [P])),
      ...Object.fromEntries(state),
      control: { shape: [CONTROL_SIZE], values: () => control },
      clock: { shape: [2], type: "u32", values: () => [0, STEPS.length - 1] },
      scalars: {
        shape: [STEPS.length, replicas, rows.length / STEPS.length / replicas],
        isShared: true,
        values: () => rows,
      },
    },
    ...(factor === 0 ? {} : { bounds: () => Object.fromEntries(bounds) }),
  };
}
