import control from "#shaders/common/control.wgsl?raw";
import common from "#shaders/common/optimizer.wgsl?raw";
import wgsl from "#shaders/optimizers/muon.wgsl?raw";
import type { Values, ValuesOf } from "../../lib/hyperparameters.ts";
import type { Emit } from "../graph/graph.ts";
import { defineKernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";
import { aligned, createTensor, sliceOf, type Tensor } from "../graph/tensor.ts";
import type { ParameterArena } from "../parameters.ts";
import { decayBiases, epsilon, learningRate, weightDecay } from "./hyperparameters.ts";
import { type Matrix, matricesOf } from "./matrices.ts";
import { emitOrthogonal, orthogonalKernels } from "./matricesOrthogonal.ts";
import { betaScalars, betas, inverseRootBias2 } from "./moments.ts";
import type { Optimizer, State, Update } from "./optimizer.ts";

const module = link(wgsl, common, control);

/** AdamW of `count` parameters from `start` on, whose moments begin at `momentsAt`. */
const adamwPart = defineKernel({
  name: "muon",
  wgsl: module,
  entry: "update",
  bindings: {
    ...{ parameters: "readWrite", gradients: "read", clock: "read", control: "read", scalars: "read" },
    ...{ m: "readWrite", v: "readWrite" },
  },
  constants: ["start", "count", "momentsAt", "matrices", "R"],
  workgroup: [64, 1],
  invocations: ({ count }) => [Math.ceil(count / 8), 1],
});

const applyStep = defineKernel({
  name: "muonStep",
  wgsl: module,
  entry: "applyStep",
  bindings: { parameters: "readWrite", clock: "read", control: "read", scalars: "read", x: "readWrite" },
  constants: ["rows", "columns", "R"],
  workgroup: [8, 8],
  invocations: ({ rows, columns }) => [columns, rows],
});

const hyperparameters = {
  learningRate: learningRate(0.02),
  momentum: {
    kind: "number",
    label: "Momentum",
    symbol: "μ",
    default: 0.95,
    min: 0,
    max: 0.99999,
    scale: "linear",
    help: "How long the average of gradients remembers.",
  },
  nesterov: { kind: "boolean", label: "Nesterov", default: true, help: "Looks one step ahead along the momentum." },
  weightDecay: weightDecay(0),
  newtonSchulzSteps: {
    kind: "number",
    label: "Newton-Schulz steps",
    default: 5,
    min: 0,
    max: 20,
    scale: "linear",
    integer: true,
    structural: true,
    help: "How close to orthogonal a step is made.",
  },
  epsilon: epsilon(1e-7),
  matrices: {
    kind: "choice",
    label: "Orthogonal steps",
    default: "hidden",
    options: { hidden: "Hidden layers", all: "All layers" },
    structural: true,
    help: "Which weight matrices take them. All other parameters take AdamW.",
  },
  adamwLearningRate: { ...learningRate(0.01), label: "AdamW's learning rate", scheduled: true },
  ...betas,
  adamwEpsilon: { ...epsilon(1e-8), label: "AdamW's epsilon" },
  adamwWeightDecay: { ...weightDecay(0.01), label: "AdamW's weight decay" },
  decayBiases,
} as const;

type MuonValues = ValuesOf<typeof hyperparameters>;

const scalars = {
  stepSize: (h: MuonValues, t: number) => h.adamwLearningRate / (1 - h.beta1 ** t),
  ...betaScalars,
  inverseRootBias2,
  adamwEpsilon: (h: MuonValues) => h.adamwEpsilon,
  adamwShrink: (h: MuonValues) => h.adamwLearningRate * h.adamwWeightDecay,
  vectorShrink: (h: MuonValues) => (h.decayBiases ? h.adamwLearningRate * h.adamwWeightDecay : 0),
  learningRate: (h: MuonValues) => h.learningRate,
  momentum: (h: MuonValues) => h.momentum,
  oneMinusMomentum: (h: MuonValues) => 1 - h.momentum,
  nesterov: (h: MuonValues) => (h.nesterov ? 1 : 0),
  epsilon: (h: MuonValues) => h.epsilon,
  shrink: (h: MuonValues) => h.learningRate * h.weightDecay,
  /** The quintic a x + b x³ + c x⁵, which takes singular values from (0, 1] to about 1. */
  a: () => 3.4445,
  b: () => -4.775,
  c: () => 2.0315,
};

/** The matrices that take orthogonal steps: all, or those between the first and the last. */
function orthogonalized(parameters: ParameterArena, { matrices }: Values): readonly Matrix[] {
  const all = matricesOf(parameters);
  return matrices === "all" ? all : all.slice(1, -1);
}

/** What lies before and after the orthogonalized matrices, which follow one another. */
function othersOf({ arena }: ParameterArena, hidden: readonly Matrix[]) {
  const P = arena.shape[0] ?? 0;
  const first = hidden[0]?.start ?? P;
  const last = hidden.at(-1);
  const after = last === undefined ? P : last.start + aligned(last.count);
  const runs = [
    { start: 0, count: first, momentsAt: 0 },
    { start: after, count: P - after, momentsAt: first },
  ];
  return runs.filter(({ count }) => count > 0);
}

/** AdamW's moments and the momentum; none is kept where no parameter needs it. */
function layState(parameters: ParameterArena, values: Values): readonly State[] {
  const hidden = orthogonalized(parameters, values);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const lay = (name: string, count: number): readonly State[] => {
    if (count === 0) return [];
    const tensor = createTensor({ name, shape: [count], type: "f32", role: "optimizer", perReplica: true });
    return [{ name, tensor, initial: 0 }];
  };
  const others = sum(othersOf(parameters, hidden).map(({ count }) => count));
  const orthogonal = sum(hidden.map(({ count }) => aligned(count)));
  return [...lay("m", others), ...lay("v", others), ...lay("momentum", orthogonal)];
}

function stateOf({ state }: Update, name: string): Tensor {
  const tensor = state[name];
  if (tensor === undefined) throw new Error(`muon: got no state "${name}", expected one. Lay it out with layState().`);
  return tensor;
}

function emitUpdate(update: Update, emit: Emit): void {
  const { parameters, gradients, clock, control, scalars, replicas: R } = update;
  const hidden = orthogonalized(parameters, update.values);
  const arenas = { parameters: parameters.arena, gradients: gradients.arena };
  for (const run of othersOf(parameters, hidden)) {
    emit.call(adamwPart, {
      bindings: { ...arenas, clock, control, scalars, m: stateOf(update, "m"), v: stateOf(update, "v") },
      constants: { ...run, matrices: parameters.matrices, R },
    });
  }
  for (const matrix of hidden) emitMatrix(matrix, hidden[0]?.start ?? 0, { update, emit });
}

/** The calls for one hidden matrix; the first of them lies at `firstStart`. */
function emitMatrix(matrix: Matrix, firstStart: number, emitted: { update: Update; emit: Emit }): void {
  const { update, emit } = emitted;
  const { clock, control, scalars, replicas: R } = update;
  const { name, rows, columns } = matrix;
  const gradients = update.gradients.slices.get(name);
  if (gradients === undefined) throw new Error(`${name}: got no gradient, expected one. Lay out both arenas alike.`);
  const momentum = sliceOf(stateOf(update, "momentum"), `${name}.momentum`, [rows, columns], matrix.start - firstStart);
  const x = emitOrthogonal(
    { ...matrix, gradients, momentum },
    { update, emit, scalarNames: Object.keys(muon.scalars) },
  );
  const bindings = { parameters: matrix.tensor, clock, control, scalars, x };
  emit.call(applyStep, { bindings, constants: { rows, columns, R } });
}

/** Muon (Jordan et al. 2024): orthogonal steps for hidden weight matrices, AdamW for all other parameters. */
export const muon = {
  label: "Muon",
  source: "https://kellerjordan.github.io/posts/muon/",
  hyperparameters,
  scalars,
  kernels: [adamwPart, ...orthogonalKernels, applyStep],
  layState,
  emit: emitUpdate,
} as const satisfies Optimizer;
