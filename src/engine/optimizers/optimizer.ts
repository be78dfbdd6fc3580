import common from "#shaders/common/optimizer.wgsl?raw";
import type {
  BooleanParameter,
  Definition,
  Hyperparameters,
  NumberParameter,
  ValuesOf,
} from "../../lib/hyperparameters.ts";
import { type Access, defineKernel, type Kernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";

/**
 * An update rule. The kernel updates all parameters in one dispatch over the flat arena; `scalars` is what it reads per
 * step and replica, computed by the host in float64 from the hyperparameters at that step and the step's number t,
 * counted from 1. Nothing is baked into the kernel, so every hyperparameter can change while the run goes on.
 */
export interface Optimizer extends Definition {
  readonly source: string;
  readonly hyperparameters: Hyperparameters;
  /** Numbers kept per parameter, each starting at 0. */
  readonly state: readonly string[];
  /** Order and names of the struct `Scalars` in WGSL and of the CPU kernel's block. */
  readonly scalars: Readonly<Record<string, (values: never, t: number) => number>>;
  readonly kernel: Kernel;
}

/** Parameters that one invocation updates, as in `shaders/common/optimizer.wgsl`. */
const UPDATES = 8;

/** Checks a definition and makes the optimizer's kernel from its module and state. */
export function defineOptimizer<const H extends Hyperparameters, const S extends readonly string[]>(optimizer: {
  readonly name: string;
  readonly label: string;
  readonly source: string;
  readonly hyperparameters: H;
  readonly state: S;
  readonly scalars: Readonly<Record<string, (values: ValuesOf<H>, t: number) => number>>;
  readonly wgsl: string;
}) {
  const { name, wgsl, ...definition } = optimizer;
  const state = Object.fromEntries(optimizer.state.map((moment): [string, Access] => [moment, "readWrite"]));
  const kernel: Kernel = defineKernel({
    name,
    wgsl: link(wgsl, common),
    entry: "update",
    bindings: { parameters: "readWrite", gradients: "read", ...state, clock: "read", scalars: "read" },
    constants: ["P", "matrices", "R"],
    workgroup: [64, 1],
    invocations: ({ P }) => [Math.ceil(P / UPDATES), 1],
  });
  return { ...definition, kernel };
}

/** Learning rate of an optimizer whose usual value is `value`. */
export const learningRate = (value: number) =>
  ({
    kind: "number",
    label: "Learning rate",
    symbol: "η",
    default: value,
    min: 0,
    max: 100,
    slider: [1e-5, 1],
    scale: "log",
    help: "How far a step goes. 0 leaves the weights as they are.",
  }) as const satisfies NumberParameter;

export const weightDecay = (value: number) =>
  ({
    kind: "number",
    label: "Weight decay",
    symbol: "λ",
    default: value,
    min: 0,
    max: 10,
    slider: [1e-5, 1],
    scale: "log",
    help: "Pulls weights towards 0.",
  }) as const satisfies NumberParameter;

export const decayBiases = {
  kind: "boolean",
  label: "Decay biases too",
  default: false,
  help: "Off, weight decay acts on weight matrices only. PyTorch's optimizers decay everything they are given.",
} as const satisfies BooleanParameter;
