import { controlOf } from "../common/control.ts";
import type { Bindings, ReferenceCall, ReferenceKernel } from "../kernel.ts";
import { type Matrix, multiply, symmetricPower, transpose } from "./matrix.ts";
import { clipped } from "./update.ts";

/** A matrix, and what Shampoo remembers of it. */
export interface ShampooState {
  readonly parameters: Matrix;
  readonly left: Matrix;
  readonly right: Matrix;
  /** The inverse fourth roots, as they were when they were last due. */
  readonly leftRoot: Matrix;
  readonly rightRoot: Matrix;
}

const add = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((x, j) => x + b[i][j]));
const normOf = (a: Matrix): number => Math.sqrt(a.flat().reduce((sum, x) => sum + x ** 2, 0));

/**
 * Gupta, Koren and Singer 2018, Algorithm 1, for a matrix, with roots by eigendecomposition; grafting 1 takes the length
 * of the gradient (Agarwal et al. 2020, "Disentangling adaptive gradient methods from learning rates").
 */
export function definition(
  { learningRate, updateInterval, grafting }: Readonly<Record<string, number>>,
  t: number,
  { gradient, ...before }: ShampooState & { readonly gradient: Matrix },
): ShampooState {
  const flipped = transpose(gradient);
  const left = add(before.left, multiply(gradient, flipped));
  const right = add(before.right, multiply(flipped, gradient));
  const isDue = (t - 1) % updateInterval === 0;
  const leftRoot = isDue ? symmetricPower(left, -0.25) : before.leftRoot;
  const rightRoot = isDue ? symmetricPower(right, -0.25) : before.rightRoot;
  const step = multiply(multiply(leftRoot, gradient), rightRoot);
  const rate = grafting === 1 ? (learningRate * normOf(gradient)) / normOf(step) : learningRate;
  const parameters = before.parameters.map((row, i) => row.map((x, j) => x - rate * step[i][j]));
  return { parameters, left, right, leftRoot, rightRoot };
}

const scalarsOf = ({ bindings: { clock, scalars }, constants: { R }, replica }: ReferenceCall) => {
  const [learningRate, epsilon, isDue, grafts] = scalars.subarray(4 * (clock[1] * R + replica));
  return { learningRate, epsilon, isDue: isDue === 1, grafts: grafts === 1 };
};

const gradientOf = (bindings: Bindings, p: number): number => {
  const { factor, limit } = controlOf(bindings);
  return clipped(bindings.gradients[p] * factor, limit);
};

const isSkipped = (bindings: Bindings): boolean => controlOf(bindings).factor === 0;

export const shampoo: ReferenceKernel = (call) => {
  const { bindings, constants } = call;
  const { learningRate } = scalarsOf(call);
  if (isSkipped(bindings)) return;
  for (let p = constants.matrices; p < constants.P; p++) {
    const g = gradientOf(bindings, p);
    const at = p - constants.matrices;
    bindings.h[at] += g ** 2;
    bindings.parameters[p] -= (learningRate * g) / Math.sqrt(bindings.h[at]);
  }
};

export const shampooGradient: ReferenceKernel = ({ bindings, constants: { rows, columns } }) => {
  const { straight, flipped, gate } = bindings;
  straight.fill(0);
  flipped.fill(0);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const g = gradientOf(bindings, row * columns + column);
      straight[row * columns + column] = g;
      flipped[column * rows + row] = g;
    }
  }
  gate.fill(0);
  gate[0] = isSkipped(bindings) ? 0 : 1;
};

export const shampooStep: ReferenceKernel = (call) => {
  const { bindings, constants } = call;
  const { parameters, step, stepNorm, gradientNorm } = bindings;
  const { learningRate, grafts } = scalarsOf(call);
  if (isSkipped(bindings)) return;
  const rate = grafts && stepNorm[0] > 0 ? (learningRate * gradientNorm[0]) / stepNorm[0] : learningRate;
  const count = constants.rows * constants.columns;
  for (let p = 0; p < count; p++) parameters[p] -= rate * (step[p] + step[count + p]);
};

/** Starts with A divided by a power of 16 that is not below its norm: M, and X = I. */
export const shampooRootStart: ReferenceKernel = (call) => {
  const { bindings, constants } = call;
  const { statistic, norm, scaled, x, next } = bindings;
  const { epsilon, isDue } = scalarsOf(call);
  const exponent = norm[0] > 0 ? Math.ceil(Math.log2(norm[0]) / 4) : 0;
  const lower = Math.min(Math.max(epsilon * 16 ** -exponent, 2 ** -40), 1);
  const isFirstUpdate = controlOf(bindings).updated === 1;
  const active = (isDue || isFirstUpdate) && !isSkipped(bindings);
  next.set([active ? 1 : 0, lower ** 0.25, 2 ** -exponent, 0, 3, 0, 0, 0]);
  if (!active) return;
  scaled.set(statistic.map((a) => a * 16 ** -exponent));
  x.fill(0);
  for (let i = 0; i < constants.n; i++) x[i * (constants.n + 1)] = 1;
};

/** T = a I - b M, with the largest factors that keep m T(m)^4 below 1, and as high at the lower bound as at 1. */
export const shampooRootIterate: ReferenceKernel = ({ bindings: { m, t, progress, next }, constants: { n } }) => {
  const [active, q, rootScale, count, left] = progress;
  const isNear = q >= 0.999;
  const y = isNear ? 0.2 : 1 / (1 + q + q ** 2 + q ** 3 + q ** 4);
  const a = 1.25 * (5 * y) ** 0.25;
  if (active === 0 || (isNear && left === 0)) {
    next.set([0, q, rootScale, count, left, 0, 0, 0]);
    return;
  }
  next.set([1, isNear ? q : a * q * (1 - y * q ** 4), rootScale, count + 1, isNear ? left - 1 : left, 0, 0, 0]);
  t.fill(0);
  for (let i = 0; i < n * n; i++) t[i] = (i % (n + 1) === 0 ? a : 0) - a * y * (m[i] + m[n * n + i]);
};

export const shampooRootFinish: ReferenceKernel = ({ bindings: { even, odd, progress, root } }) => {
  const [, , rootScale, count] = progress;
  if (count > 0) root.set((count % 2 === 1 ? odd : even).map((x) => x * rootScale));
};
