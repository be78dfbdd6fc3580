import control from "#shaders/common/control.wgsl?raw";
import pairs from "#shaders/common/matmul-pairs.wgsl?raw";
import common from "#shaders/common/optimizer.wgsl?raw";
import wgsl from "#shaders/optimizers/shampoo-root.wgsl?raw";
import type { Emit } from "../graph/graph.ts";
import { defineKernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";
import { type Shape, sliceOf, type Tensor } from "../graph/tensor.ts";
import { exactMatmul, frobenius } from "../matmul.ts";
import type { Update } from "./optimizer.ts";

/**
 * Iterations that a matrix takes whose smallest eigenvalue is 2^-40 of the bound on its largest, the worst case: 14 until
 * q = 0.999, and three plain ones. Those that a matrix does not need return at once.
 */
const ITERATIONS = 17;

const shared = {
  wgsl: link(wgsl, pairs, common, control),
  workgroup: [8, 8],
  invocations: ({ n }: { readonly n: number }) => [n, n] as const,
} as const;

const start = defineKernel({
  ...shared,
  name: "shampooRootStart",
  entry: "start",
  bindings: {
    ...{ clock: "read", control: "read", scalars: "read", statistic: "read", norm: "read" },
    ...{ scaled: "write", x: "write", next: "write" },
  },
  constants: ["n", "R"],
});

const iterate = defineKernel({
  ...shared,
  name: "shampooRootIterate",
  entry: "iterate",
  bindings: { m: "read", t: "write", progress: "read", next: "write" },
  constants: ["n"],
});

const finish = defineKernel({
  ...shared,
  name: "shampooRootFinish",
  entry: "finish",
  bindings: { even: "read", odd: "read", progress: "read", root: "readWrite" },
  constants: ["n"],
});

/** The kernels of the inverse fourth root, besides the products. */
export const rootKernels = [start, iterate, finish] as const;

/** Where calls go, and where their temporary values lie. */
export interface Emitted {
  readonly update: Update;
  readonly emit: Emit;
  scratch(name: string, shape: Shape): Tensor;
}

/** Two tensors of one shape that take turns as what is read and what is written. */
const turns = (create: (turn: number) => Tensor): readonly [Tensor, Tensor] => [create(0), create(1)];

/** root (2, n, n) = statistic (2, n, n)^(-1/4), where the scalars say that it is due. See shampoo-root.wgsl. */
export function emitInverseRoot(
  { name, statistic, root }: { readonly name: string; readonly statistic: Tensor; readonly root: Tensor },
  { update: { clock, control, scalars, replicas: R }, emit, scratch }: Emitted,
): void {
  const n = statistic.shape[1] ?? 0;
  const square = (part: string) => scratch(`${name}.${part}`, [2, n, n]);
  const [m, x] = [turns((turn) => square(`m${turn}`)), turns((turn) => square(`x${turn}`))];
  const progress = turns((turn) => scratch(`${name}.progress${turn}`, [8]));
  const [t, t2, t4, norm] = [square("t"), square("t2"), square("t4"), scratch(`${name}.norm`, [1])];
  const high = sliceOf(statistic, `${statistic.name}.high`, [n, n], 0);
  emit.call(frobenius, { bindings: { input: high, norm }, constants: { count: n * n } });
  emit.call(start, {
    bindings: { clock, control, scalars, statistic, norm, scaled: m[0], x: x[0], next: progress[0] },
    constants: { n, R },
  });
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const [from, to] = iteration % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    const gate = progress[to];
    const multiply = (left: Tensor, right: Tensor, result: Tensor) =>
      emit.call(exactMatmul, {
        bindings: { left, right, gate, result },
        constants: { rows: n, columns: n, depth: n, accumulate: 0 },
      });
    emit.call(iterate, { bindings: { m: m[from], t, progress: progress[from], next: gate }, constants: { n } });
    multiply(t, t, t2);
    multiply(t2, t2, t4);
    multiply(t4, m[from], m[to]);
    multiply(x[from], t, x[to]);
  }
  const bindings = { even: x[0], odd: x[1], progress: progress[ITERATIONS % 2 === 0 ? 0 : 1], root };
  emit.call(finish, { bindings, constants: { n } });
}
