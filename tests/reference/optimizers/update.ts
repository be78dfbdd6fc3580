import { controlOf } from "../common/control.ts";
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

type Scalars = Readonly<Record<string, number>>;

/** A parameter as a kernel sees it: the names of the state are those of the bindings. */
type KernelParameter = Omit<Parameter, "decays"> & { readonly isMatrix: boolean };

/**
 * What a kernel does with a parameter, given the row of scalars that the host computed. State that it does not return
 * stays as it is.
 */
export type ScalarUpdate = (scalars: Scalars, p: KernelParameter, isFirstUpdate: boolean) => Updated;

/** The names of the scalars of Adam's two averages. */
export const betaScalars = ["beta1", "oneMinusBeta1", "beta2", "oneMinusBeta2"] as const;

/** The gradient with the weight decay that is part of it, which is another for vectors. */
export const decayedGradient = (s: Scalars, { parameter, gradient, isMatrix }: KernelParameter): number =>
  gradient + (isMatrix ? s.weightDecay : s.vectorDecay) * parameter;

/** A number of no larger magnitude than `limit`; NaN stays. */
export const clipped = (g: number, limit: number): number => (Math.abs(g) > limit ? Math.sign(g) * limit : g);

/** The bindings of every optimizer; the others are what it keeps per parameter. */
const common = ["parameters", "gradients", "clock", "control", "scalars"];

/** A kernel over the arena of all parameters (P), whose scalars have these names in this order, in rows (K, R). */
export function optimizerKernel(scalarNames: readonly string[], update: ScalarUpdate): ReferenceKernel {
  return ({ bindings, constants: { P, matrices, R }, replica }: ReferenceCall) => {
    const row = (bindings.clock[1] * R + replica) * scalarNames.length;
    const scalars = Object.fromEntries(scalarNames.map((name, index) => [name, bindings.scalars[row + index]]));
    const { factor, limit, updated } = controlOf(bindings);
    if (factor === 0) return;
    const moments = Object.entries(bindings).filter(([name]) => !common.includes(name));
    for (let p = 0; p < P; p++) {
      const before = {
        parameter: bindings.parameters[p],
        gradient: clipped(bindings.gradients[p] * factor, limit),
        state: Object.fromEntries(moments.map(([name, values]) => [name, values[p]])),
        isMatrix: p < matrices,
      };
      const after = update(scalars, before, updated === 1);
      bindings.parameters[p] = after.parameter;
      for (const [name, value] of Object.entries(after.state)) bindings[name][p] = value;
    }
  };
}
