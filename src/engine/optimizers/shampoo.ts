import control from "#shaders/common/control.wgsl?raw";
import common from "#shaders/common/optimizer.wgsl?raw";
import wgsl from "#shaders/optimizers/shampoo.wgsl?raw";
import type { ValuesOf } from "../../lib/hyperparameters.ts";
import type { Emit } from "../graph/graph.ts";
import { defineKernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";
import { createTensor, type Shape, sliceOf, type Tensor } from "../graph/tensor.ts";
import { exactMatmul, frobenius } from "../matmul.ts";
import { learningRate } from "./hyperparameters.ts";
import { matricesOf } from "./matrices.ts";
import { type Emitted, emitInverseRoot, rootKernels } from "./matricesRoot.ts";
import type { Optimizer, State, Update } from "./optimizer.ts";

const module = link(wgsl, common, control);

const vectors = defineKernel({
  name: "shampoo",
  wgsl: module,
  entry: "update",
  bindings: {
    ...{ parameters: "readWrite", gradients: "read", clock: "read", control: "read", scalars: "read" },
    h: "readWrite",
  },
  constants: ["P", "matrices", "R"],
  workgroup: [64, 1],
  invocations: ({ P, matrices }) => [Math.max(1, Math.ceil((P - matrices) / 8)), 1],
});

/** The clipped gradient (rows, columns) of one matrix as planes of pairs, and its transpose; opens the gate. */
const copyGradient = defineKernel({
  name: "shampooGradient",
  wgsl: module,
  entry: "copyGradient",
  bindings: { gradients: "read", control: "read", straight: "write", flipped: "write", gate: "write" },
  constants: ["rows", "columns"],
  workgroup: [8, 8],
  invocations: ({ rows, columns }) => [columns, rows],
});

const applyStep = defineKernel({
  name: "shampooStep",
  wgsl: module,
  entry: "applyStep",
  bindings: {
    ...{ parameters: "readWrite", clock: "read", control: "read", scalars: "read" },
    ...{ step: "read", stepNorm: "read", gradientNorm: "read" },
  },
  constants: ["rows", "columns", "R"],
  workgroup: [8, 8],
  invocations: ({ rows, columns }) => [columns, rows],
});

const hyperparameters = {
  learningRate: learningRate(0.1),
  epsilon: {
    kind: "number",
    label: "Epsilon",
    symbol: "ε",
    default: 1e-4,
    min: 1e-12,
    max: 100,
    slider: [1e-8, 1],
    scale: "log",
    structural: true,
    help: "What the sums of squared gradients start at.",
  },
  updateInterval: {
    kind: "number",
    label: "Steps between roots",
    default: 1,
    min: 1,
    max: 10_000,
    slider: [1, 100],
    scale: "log",
    integer: true,
    help: "The inverse roots are computed anew this often. For wide layers they are most of the work.",
  },
  grafting: {
    kind: "choice",
    label: "Grafting",
    default: "none",
    options: { none: "None", sgd: "SGD" },
    help: "Gives each matrix's step the length that another optimizer's step would have.",
  },
} as const;

type ShampooValues = ValuesOf<typeof hyperparameters>;

/** A matrix A (size, size) as the sum of two float32 planes. */
const pairs = (name: string, size: number, role: "optimizer" | "activations" = "optimizer"): Tensor =>
  createTensor({ name, shape: [2, size, size], type: "f32", role, perReplica: true });

/** `value` times the identity, as the sum of two float32 planes. */
function scaledIdentity(value: number, size: number): Float32Array {
  const planes = new Float32Array(2 * size * size);
  for (let i = 0; i < size; i++) {
    planes[i * (size + 1)] = value;
    planes[(size + i) * size + i] = value - Math.fround(value);
  }
  return planes;
}

/** L and R with their inverse fourth roots, and h. A statistic that nothing was added to yet has the root ε^(-1/4). */
function layState(parameters: Update["parameters"], { epsilon }: ShampooValues): readonly State[] {
  const sides = matricesOf(parameters).flatMap(({ name, rows, columns }) => [
    { name: `${name}.left`, size: rows },
    { name: `${name}.right`, size: columns },
  ]);
  const vectorCount = (parameters.arena.shape[0] ?? 0) - parameters.matrices;
  const h = createTensor({
    ...{ name: "h", type: "f32", role: "optimizer", perReplica: true },
    shape: [Math.max(1, vectorCount)],
  });
  return [
    { name: "h", tensor: h, initial: epsilon },
    ...sides.flatMap(({ name, size }) => [
      { name, tensor: pairs(name, size), initial: scaledIdentity(epsilon, size) },
      { name: `${name}Root`, tensor: pairs(`${name}Root`, size), initial: scaledIdentity(epsilon ** -0.25, size) },
    ]),
  ];
}

function emitUpdate(update: Update, emit: Emit): void {
  const { parameters, gradients, state, clock, control, scalars, replicas: R } = update;
  emit.call(vectors, {
    bindings: {
      ...{ parameters: parameters.arena, gradients: gradients.arena, clock, control, scalars },
      h: stateOf(state, "h"),
    },
    constants: { P: parameters.arena.shape[0] ?? 0, matrices: parameters.matrices, R },
  });
  for (const { name, rows, columns, tensor } of matricesOf(parameters)) {
    const gradient = gradients.slices.get(name);
    if (gradient === undefined) throw new Error(`${name}: got no gradient, expected one. Lay out both arenas alike.`);
    const scratch = (part: string, shape: Shape) => update.scratch(`${name}.${part}`, shape);
    const sizes = { rows, columns };
    emitMatrix({ name, parameters: tensor, gradients: gradient, ...sizes }, { update, emit, scratch });
  }
}

interface MatrixUpdate {
  readonly name: string;
  readonly parameters: Tensor;
  readonly gradients: Tensor;
  readonly rows: number;
  readonly columns: number;
}

function stateOf(state: Update["state"], name: string): Tensor {
  const tensor = state[name];
  if (tensor === undefined)
    throw new Error(`shampoo: got no state "${name}", expected one. Lay it out with layState().`);
  return tensor;
}

/** The calls for one weight matrix. */
function emitMatrix({ name, parameters, gradients, rows, columns }: MatrixUpdate, emitted: Emitted): void {
  const { update, emit, scratch } = emitted;
  const { state, clock, control, scalars, replicas: R } = update;
  const straight = scratch("gradient", [2, rows, columns]);
  const flipped = scratch("gradientTransposed", [2, columns, rows]);
  const gate = scratch("gate", [8]);
  emit.call(copyGradient, {
    bindings: { gradients, control, straight, flipped, gate },
    constants: { rows, columns },
  });
  const multiply = (left: Tensor, right: Tensor, result: Tensor, accumulate: 0 | 1) =>
    emit.call(exactMatmul, {
      bindings: { left, right, gate, result },
      constants: { rows: left.shape[1] ?? 0, columns: right.shape[2] ?? 0, depth: left.shape[2] ?? 0, accumulate },
    });
  const [left, right] = [stateOf(state, `${name}.left`), stateOf(state, `${name}.right`)];
  const [leftRoot, rightRoot] = [stateOf(state, `${name}.leftRoot`), stateOf(state, `${name}.rightRoot`)];
  multiply(straight, flipped, left, 1);
  multiply(flipped, straight, right, 1);
  emitInverseRoot({ name: "left", statistic: left, root: leftRoot }, emitted);
  emitInverseRoot({ name: "right", statistic: right, root: rightRoot }, emitted);
  const half = scratch("halfStep", [2, rows, columns]);
  const step = scratch("step", [2, rows, columns]);
  multiply(leftRoot, straight, half, 0);
  multiply(half, rightRoot, step, 0);
  const normOf = (of: Tensor, part: string): Tensor => {
    const norm = scratch(part, [1]);
    const input = sliceOf(of, `${of.name}.high`, [rows, columns], 0);
    emit.call(frobenius, { bindings: { input, norm }, constants: { count: rows * columns } });
    return norm;
  };
  emit.call(applyStep, {
    bindings: {
      ...{ parameters, clock, control, scalars, step },
      ...{ stepNorm: normOf(step, "stepNorm"), gradientNorm: normOf(straight, "gradientNorm") },
    },
    constants: { rows, columns, R },
  });
}

/**
 * Shampoo (Gupta, Koren and Singer 2018). Statistics, roots and steps have about 45 bits, because a statistic's condition
 * number grows like 1 / ε, and float32 has no digits left for its small eigenvalues, which the root makes large.
 */
export const shampoo = {
  label: "Shampoo",
  source: "https://arxiv.org/abs/1802.09568",
  hyperparameters,
  scalars: {
    learningRate: (h: ShampooValues) => h.learningRate,
    epsilon: (h: ShampooValues) => h.epsilon,
    isDue: (h: ShampooValues, t: number) => ((t - 1) % h.updateInterval === 0 ? 1 : 0),
    grafts: (h: ShampooValues) => (h.grafting === "sgd" ? 1 : 0),
  },
  kernels: [vectors, copyGradient, applyStep, ...rootKernels, exactMatmul, frobenius],
  // The configuration was checked against these hyperparameters.
  layState: (parameters, values) => layState(parameters, values as ShampooValues),
  emit: emitUpdate,
} as const satisfies Optimizer;
