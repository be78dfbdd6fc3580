import type { ReferenceCall, ReferenceKernel } from "../kernel.ts";

/** One parameter of one optimizer step, by the paper's letters. */
export interface Parameter {
  /** The parameter p. */
  readonly parameter: number;
  readonly gradient: number;
  /** What the optimizer remembers of this parameter, by name; all 0 before the first step. */
  readonly state: Readonly<Record<string, number>>;
  /** Whether weight decay acts on this parameter. */
  readonly decays: boolean;
}

/** The parameter and its state after the step. */
export type Updated = Pick<Parameter, "parameter" | "state">;

/**
 * An optimizer's definition: from hyperparameters, the number t of the step counted from 1, and a parameter, to the
 * parameter after the step. Nothing in it comes from the engine.
 */
export type OptimizerDefinition = (
  hyperparameters: Readonly<Record<string, number>>,
  t: number,
  p: Parameter,
) => Updated;

/** What a kernel does with a parameter, given the names of the row of scalars that the host computed. */
export type ScalarUpdate = (
  scalars: Readonly<Record<string, number>>,
  p: Omit<Parameter, "decays"> & { readonly isMatrix: boolean },
) => Updated;

/** A kernel over the arena of all parameters (P), whose scalars have these names in this order, in rows (K, R). */
export function optimizerKernel(
  scalarNames: readonly string[],
  stateNames: readonly string[],
  update: ScalarUpdate,
): ReferenceKernel {
  return ({ bindings, constants: { P, matrices, R }, replica }: ReferenceCall) => {
    const row = (bindings.clock[1] * R + replica) * scalarNames.length;
    const scalars = Object.fromEntries(scalarNames.map((name, index) => [name, bindings.scalars[row + index]]));
    for (let p = 0; p < P; p++) {
      const state = Object.fromEntries(stateNames.map((name) => [name, bindings[name][p]]));
      const after = update(scalars, {
        parameter: bindings.parameters[p],
        gradient: bindings.gradients[p],
        state,
        isMatrix: p < matrices,
      });
      bindings.parameters[p] = after.parameter;
      for (const name of stateNames) bindings[name][p] = after.state[name];
    }
  };
}
