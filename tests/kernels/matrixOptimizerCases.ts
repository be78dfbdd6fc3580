import { CONTROL_SIZE } from "../../src/engine/control.ts";
import { muon, shampoo } from "../../src/engine/optimizers/index.ts";
import type { Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { defaultsOf, type Values } from "../../src/lib/hyperparameters.ts";
import { memberOf } from "../../src/lib/registry.ts";
import type { KernelCase, Operand } from "./harness.ts";
import { normals } from "./linearCases.ts";
import { controlAt, positive, scalarsAt, within1 } from "./optimizerCases.ts";
import { UNIT_ROUNDOFF, UPDATE_BOUND } from "./tolerances.ts";

const REPLICAS = 3;
/** The update is the second row of the table, and not the run's first. */
const T = 2;

/** What every update reads besides its own tensors: gradients are clipped by norm, and some elements by value. */
function tablesOf(optimizer: Optimizer, values: Values = {}): Readonly<Record<string, Operand>> {
  const row = scalarsAt(optimizer, { ...defaultsOf(optimizer.hyperparameters), ...values }, T);
  const control = controlAt(T, { factor: 0.75, limit: 0.4 });
  return {
    clock: { shape: [2], type: "u32", values: () => [0, 1] },
    control: { shape: [CONTROL_SIZE], values: () => control },
    scalars: {
      shape: [2, REPLICAS, row.length],
      isShared: true,
      values: () => [
        ...row.map(() => Number.NaN),
        ...row.map(() => Number.NaN),
        ...row.map(() => Number.NaN),
        ...row,
        ...row,
        ...row,
      ],
    },
  };
}

const kernelOf = ({ kernels }: Optimizer, name: string) =>
  memberOf(Object.fromEntries(kernels.map((kernel) => [kernel.name, kernel])), name);

type Given = Omit<KernelCase, "kernel" | "title" | "constants"> & {
  readonly constants: Readonly<Record<string, number>>;
};

/** A case of one of the optimizer's kernels, which binds the tables that its definition names. */
function caseOf(optimizer: Optimizer, name: string, given: Given): KernelCase {
  const kernel = kernelOf(optimizer, name);
  const tables = Object.entries(tablesOf(optimizer, { nesterov: true, weightDecay: 0.1, grafting: "sgd" }));
  const read = Object.fromEntries(tables.filter(([binding]) => binding in kernel.bindings));
  const constants = kernel.constants.includes("R") ? { ...given.constants, R: REPLICAS } : given.constants;
  return {
    ...given,
    kernel,
    constants,
    title: JSON.stringify(given.constants),
    operands: { ...read, ...given.operands },
  };
}

/** Every number that a case writes, within the bound of an update of numbers of size 1. */
const updateBounds =
  (...names: readonly string[]): NonNullable<KernelCase["bounds"]> =>
  ({ after }) =>
    Object.fromEntries(names.map((name) => [name, after[name].map(() => UPDATE_BOUND)]));

/** As many roundings as the number has, or of the other number that it is the remainder of. */
const relativeTo = (values: Float64Array, roundings: number) =>
  values.map((value) => roundings * UNIT_ROUNDOFF * Math.abs(value));

/** Muon's kernels for a matrix of this shape, tall or wide. */
export function muonCases(rows: number, columns: number, seed: number): readonly KernelCase[] {
  const matrix = (turn: number): Operand => within1(normals(seed + turn, [rows, columns]));
  const x = { ...matrix(3), shape: rows > columns ? [columns, rows] : [rows, columns] };
  const constants = { rows, columns };
  // Tensors and the runs of them that AdamW takes start at multiples of 128
  const P = 384 + rows * columns;
  const part = { start: 128, count: P - 128, momentsAt: 128, matrices: 256 };
  return [
    caseOf(muon, "muon", {
      constants: part,
      operands: {
        ...{ parameters: within1(normals(seed + 4, [P])), gradients: within1(normals(seed + 5, [P])) },
        ...{ m: positive(normals(seed + 6, [P])), v: positive(normals(seed + 7, [P])) },
      },
      bounds: updateBounds("parameters", "m", "v"),
    }),
    caseOf(muon, "muonAverage", {
      constants,
      operands: { gradients: matrix(0), momentum: matrix(1), x: { shape: x.shape } },
      bounds: updateBounds("momentum", "x"),
    }),
    caseOf(muon, "muonNormalize", {
      constants,
      operands: { norm: { shape: [1], values: () => [1.75] }, x: matrix(2) },
      bounds: updateBounds("x"),
    }),
    caseOf(muon, "muonStep", {
      constants,
      operands: { parameters: matrix(0), x },
      bounds: updateBounds("parameters"),
    }),
  ];
}

/** Planes of pairs: numbers of size 1, and what float32 has left out of them. */
function pairs(seed: number, rows: number, columns: number): Operand {
  const count = rows * columns;
  const high = within1(normals(seed, [count]));
  const low = within1(normals(seed + 1, [count]));
  return {
    shape: [2, rows, columns],
    values: (replica) =>
      Float32Array.of(
        ...Array.from(high.values?.(replica) ?? []),
        ...Array.from(low.values?.(replica) ?? [], (value) => 2 ** -25 * value),
      ),
  };
}

const zeros = (shape: readonly number[], count: number): Operand => ({ shape, values: () => new Float32Array(count) });

/** The kernels around Shampoo's products, for a matrix of this shape. */
export function shampooCases(rows: number, columns: number, seed: number): readonly KernelCase[] {
  const count = rows * columns;
  const matrix = (turn: number): Operand => within1(normals(seed + turn, [rows, columns]));
  const [P, matrices] = [2 * count + rows, 2 * count];
  return [
    caseOf(shampoo, "shampoo", {
      constants: { P, matrices },
      operands: {
        ...{ parameters: within1(normals(seed, [P])), gradients: within1(normals(seed + 1, [P])) },
        h: positive(normals(seed + 2, [P - matrices])),
      },
      bounds: updateBounds("parameters", "h"),
    }),
    caseOf(shampoo, "shampooGradient", {
      constants: { rows, columns },
      operands: {
        gradients: matrix(3),
        straight: { shape: [2, rows, columns] },
        flipped: { shape: [2, columns, rows] },
        gate: zeros([8], 8),
      },
      bounds: ({ after }) => ({ straight: relativeTo(after.straight, 1), flipped: relativeTo(after.flipped, 1) }),
    }),
    caseOf(shampoo, "shampooStep", {
      constants: { rows, columns },
      operands: {
        ...{ parameters: matrix(4), step: pairs(seed + 5, rows, columns) },
        ...{ stepNorm: { shape: [1], values: () => [1.5] }, gradientNorm: { shape: [1], values: () => [0.7] } },
      },
      bounds: updateBounds("parameters"),
    }),
  ];
}

/** The kernels around the products of an inverse root of a matrix (n, n), at the start, in between and near the end. */
export function rootCases(n: number, seed: number): readonly KernelCase[] {
  const square = (turn: number) => pairs(seed + turn, n, n);
  const progress = (...values: readonly number[]): Operand => ({ shape: [8], values: () => values });
  // A pair's first number holds the whole but for a rounding, which the reference does not split off
  const iterateBounds: KernelCase["bounds"] = ({ after, before }) => {
    const sizes = after.t.subarray(0, n * n).map((_, at) => 2 + Math.abs(before.m[at]));
    const t = Float64Array.of(...relativeTo(sizes, 12), ...relativeTo(sizes, 2));
    return { t, next: relativeTo(after.next, 24) };
  };
  const iterate = (...values: readonly number[]): KernelCase =>
    caseOf(shampoo, "shampooRootIterate", {
      constants: { n },
      operands: { m: square(0), t: { shape: [2, n, n] }, progress: progress(...values), next: zeros([8], 8) },
      bounds: iterateBounds,
    });
  const finish = (done: number): KernelCase =>
    caseOf(shampoo, "shampooRootFinish", {
      constants: { n },
      operands: { even: square(2), odd: square(4), progress: progress(0, 1, 0.5, done, 0, 0, 0, 0), root: square(6) },
    });
  return [
    ...[0.03, 1.7, 300].map((norm) =>
      caseOf(shampoo, "shampooRootStart", {
        constants: { n },
        operands: {
          ...{ statistic: square(8), norm: { shape: [1], values: () => [norm] }, scaled: { shape: [2, n, n] } },
          ...{ x: { shape: [2, n, n] }, next: zeros([8], 8) },
        },
        bounds: ({ after }) => ({ next: relativeTo(after.next, 12) }),
      }),
    ),
    iterate(1, 0.02, 1, 0, 3, 0, 0, 0),
    iterate(1, 0.9995, 1, 5, 2, 0, 0, 0),
    ...[0, 3, 4].map(finish),
  ];
}
