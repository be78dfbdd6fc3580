import control from "#shaders/common/control.wgsl?raw";
import common from "#shaders/common/optimizer.wgsl?raw";
import wgsl from "#shaders/optimizers/muon.wgsl?raw";
import type { Emit } from "../graph/graph.ts";
import { defineKernel } from "../graph/kernel.ts";
import { link } from "../graph/link.ts";
import type { Tensor } from "../graph/tensor.ts";
import { frobenius, matmul } from "../matmul.ts";
import type { Update } from "./optimizer.ts";

const module = link(wgsl, common, control);

const average = defineKernel({
  name: "muonAverage",
  wgsl: module,
  entry: "average",
  bindings: {
    ...{ gradients: "read", clock: "read", control: "read", scalars: "read" },
    ...{ momentum: "readWrite", x: "write" },
  },
  constants: ["rows", "columns", "R"],
  workgroup: [8, 8],
  invocations: ({ rows, columns }) => [columns, rows],
});

const normalize = defineKernel({
  name: "muonNormalize",
  wgsl: module,
  entry: "normalize",
  bindings: { clock: "read", scalars: "read", norm: "read", x: "readWrite" },
  constants: ["rows", "columns", "R"],
  workgroup: [8, 8],
  invocations: ({ rows, columns }) => [columns, rows],
});

/** The kernels of orthogonal steps. */
export const orthogonalKernels = [average, normalize, matmul, frobenius] as const;

interface Emitted {
  readonly update: Update;
  readonly emit: Emit;
  /** The names of a row of scalars, in their order. */
  readonly scalarNames: readonly string[];
}

/** What a step of one matrix (rows, columns) is made of. */
interface Averaged {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly gradients: Tensor;
  readonly momentum: Tensor;
}

/**
 * Updates the momentum and makes it orthogonal; returns X (rows, columns), transposed where that makes it wide. See
 * shaders/optimizers/muon.wgsl.
 */
export function emitOrthogonal({ name, rows, columns, gradients, momentum }: Averaged, emitted: Emitted): Tensor {
  const { update, emit } = emitted;
  const { clock, control, scalars, replicas: R } = update;
  const [small, large] = [Math.min(rows, columns), Math.max(rows, columns)];
  const x = update.scratch(`${name}.x`, [small, large]);
  const norm = update.scratch(`${name}.norm`, [1]);
  const bindings = { gradients, clock, control, scalars, momentum, x };
  emit.call(average, { bindings, constants: { rows, columns, R } });
  emit.call(frobenius, { bindings: { input: x, norm }, constants: { count: rows * columns } });
  emit.call(normalize, { bindings: { clock, scalars, norm, x }, constants: { rows: small, columns: large, R } });
  return emitNewtonSchulz(name, x, emitted);
}

/** S = X Xᵀ, X = a X + (b S + c S S) X, as often as asked; returns the tensor that holds the last X. */
function emitNewtonSchulz(name: string, first: Tensor, { update, emit, scalarNames }: Emitted): Tensor {
  const { clock, scalars, replicas: R } = update;
  const [small = 0, large = 0] = first.shape;
  const gram = update.scratch(`${name}.gram`, [small, small]);
  const polynomial = update.scratch(`${name}.polynomial`, [small, small]);
  const other = update.scratch(`${name}.x2`, [small, large]);
  /** Position of a scalar as `matmul` counts. */
  const at = (scalar: string): number => scalarNames.indexOf(scalar) + 1;
  const shared = { rows: small, S: scalarNames.length, R };
  let [x, next] = [first, other];
  for (let step = 0; step < Number(update.values.newtonSchulzSteps); step++) {
    emit.call(matmul, {
      bindings: { left: x, right: x, addend: x, clock, scalars, result: gram },
      constants: { ...shared, columns: small, depth: large, transposed: 1, alphaAt: 0, betaAt: 0 },
    });
    emit.call(matmul, {
      bindings: { left: gram, right: gram, addend: gram, clock, scalars, result: polynomial },
      constants: { ...shared, columns: small, depth: small, transposed: 0, alphaAt: at("c"), betaAt: at("b") },
    });
    emit.call(matmul, {
      bindings: { left: polynomial, right: x, addend: x, clock, scalars, result: next },
      constants: { ...shared, columns: large, depth: small, transposed: 0, alphaAt: 0, betaAt: at("a") },
    });
    [x, next] = [next, x];
  }
  return x;
}
