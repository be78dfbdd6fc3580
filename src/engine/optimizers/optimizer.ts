import control from "#shaders/common/control.wgsl?raw";
import common from "#shaders/common/optimizer.wgsl?raw";
import elementwise from "#shaders/optimizers/elementwise.wgsl?raw";
import type { Definition, Hyperparameters, Values, ValuesOf } from "../../lib/hyperparameters.ts";
import type { Emit } from "../graph/graph.ts";
import { type Access, defineKernel, type Kernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";
import { createTensor, elements, type Shape, type Tensor } from "../graph/tensor.ts";
import type { ParameterArena } from "../parameters.ts";

/**
 * An update rule. `scalars` is what its kernels read per step and replica, computed by the host in float64 from the
 * hyperparameters at that step and the step's number t, counted from 1. Nothing is baked into a kernel, so every
 * hyperparameter that is not structural can change while the run goes on.
 */
export interface Optimizer extends Definition {
  readonly source: string;
  readonly hyperparameters: Hyperparameters;
  /** Order and names of the struct `Scalars` in WGSL and of the CPU kernels' block. */
  readonly scalars: Readonly<Record<string, (values: never, t: number) => number>>;
  /** The kernels of its own, of which the first is named like the optimizer. */
  readonly kernels: readonly Kernel[];
  /** What it remembers between steps, for parameters laid out like this. */
  layState(parameters: ParameterArena, values: Values): readonly State[];
  /** Emits the calls that update all parameters. */
  emit(update: Update, emit: Emit): void;
}

/** A tensor that lasts from step to step, and what it holds before the first one: a number, or one per element. */
export interface State {
  readonly name: string;
  readonly tensor: Tensor;
  readonly initial: number | Float32Array;
}

/** What an update works on. */
export interface Update {
  /** The optimizer's hyperparameters, of which only the structural ones stay as they are. */
  readonly values: Values;
  readonly parameters: ParameterArena;
  readonly gradients: ParameterArena;
  /** The state's tensors by name. */
  readonly state: Readonly<Record<string, Tensor>>;
  /** The tables of shaders/common/clock.wgsl and control.wgsl, and the optimizer's rows of scalars (K, R, S). */
  readonly clock: Tensor;
  readonly control: Tensor;
  readonly scalars: Tensor;
  readonly replicas: number;
  /** A tensor for values within this update, one copy per replica. */
  scratch(name: string, shape: Shape): Tensor;
}

/**
 * How many numbers of an optimizer's state there are per parameter; the padding between tensors counts on both sides. A
 * tensor of one element stands for a moment that is not kept.
 */
export function numbersPerParameter(state: readonly State[], { arena }: Pick<ParameterArena, "arena">): number {
  const sizes = state.map(({ tensor }) => elements(tensor.shape));
  return sizes.reduce((sum, size) => sum + (size === 1 ? 0 : size), 0) / elements(arena.shape);
}

/** Parameters that one invocation updates, as in `shaders/common/optimizer.wgsl`. */
const UPDATES = 8;

/** A number kept per parameter. */
export interface Moment<V> {
  /** Its value before the first step. */
  initial(values: V): number;
  /** Whether it is kept with these hyperparameters, which then are structural; always if left out. */
  when?(values: V): boolean;
}

/** A number kept per parameter that starts at 0. */
export const zeros = { initial: () => 0 };

/** An optimizer that treats every parameter alike: one kernel, one dispatch over the flat arena of all parameters. */
export interface ElementwiseOptimizer extends Optimizer {
  readonly moments: Readonly<Record<string, Moment<never>>>;
  readonly kernel: Kernel;
}

export const isElementwise = (optimizer: Optimizer): optimizer is ElementwiseOptimizer => "moments" in optimizer;

/** Checks a definition and makes the optimizer's kernel from its module and moments. */
export function defineOptimizer<const H extends Hyperparameters>(optimizer: {
  readonly name: string;
  readonly label: string;
  readonly source: string;
  readonly hyperparameters: H;
  /** Numbers kept per parameter, by the names of their bindings. */
  readonly moments: Readonly<Record<string, Moment<ValuesOf<H>>>>;
  readonly scalars: Readonly<Record<string, (values: ValuesOf<H>, t: number) => number>>;
  /** The struct `Scalars` and the function `updated`; see `shaders/optimizers/elementwise.wgsl`. */
  readonly wgsl: string;
}) {
  const { name, wgsl, ...definition } = optimizer;
  const kernel = updateKernel(name, wgsl, Object.keys(optimizer.moments));
  return {
    ...definition,
    kernel,
    kernels: [kernel],
    layState: (parameters: ParameterArena, values: Values) => layMoments(optimizer.moments, parameters, values),
    emit: (update: Update, emit: Emit) => emitUpdate(kernel, update, emit),
  };
}

function updateKernel(name: string, wgsl: string, moments: readonly string[]): Kernel {
  const state = Object.fromEntries(moments.map((moment): [string, Access] => [moment, "readWrite"]));
  return defineKernel({
    name,
    wgsl: link(wgsl, elementwise, common, control),
    entry: "update",
    bindings: {
      ...{ parameters: "readWrite", gradients: "read", clock: "read", control: "read", scalars: "read" },
      ...state,
    },
    constants: ["P", "matrices", "R"],
    workgroup: [64, 1],
    invocations: ({ P }) => [Math.ceil(P / UPDATES), 1],
  });
}

/** A tensor per moment, in the layout of the parameters; one that is not kept has a single element that nobody reads. */
function layMoments<V>(
  moments: Readonly<Record<string, Moment<V>>>,
  { arena }: ParameterArena,
  values: Values,
): readonly State[] {
  // The configuration was checked against the optimizer's definition, so its values are the ones that moments ask for.
  const known = values as V;
  return Object.entries(moments).map(([name, { initial, when }]) => ({
    name,
    tensor: createTensor({
      ...{ name, type: "f32", role: "optimizer", perReplica: true },
      shape: when?.(known) === false ? [1] : arena.shape,
    }),
    initial: initial(known),
  }));
}

function emitUpdate(kernel: Kernel, update: Update, emit: Emit): void {
  const { parameters, gradients, state, clock, control, scalars, replicas } = update;
  emit.call(kernel, {
    bindings: { parameters: parameters.arena, gradients: gradients.arena, clock, control, scalars, ...state },
    constants: { P: parameters.arena.shape[0] ?? 0, matrices: parameters.matrices, R: replicas },
  });
}
