import { controlOf } from "../common/control.ts";
import type { Bindings, ReferenceCall, ReferenceKernel } from "../kernel.ts";
import { type Matrix, multiply, transpose } from "./matrix.ts";
import { clipped } from "./update.ts";

const combine = (a: Matrix, b: Matrix, f: (x: number, y: number) => number): Matrix =>
  a.map((row, i) => row.map((x, j) => f(x, b[i][j])));

const scale = (a: Matrix, factor: number): Matrix => a.map((row) => row.map((x) => factor * x));

/** Newton and Schulz's iteration with Muon's quintic. */
function orthogonalize(u: Matrix, steps: number, epsilon: number): Matrix {
  const isTall = u.length > (u[0]?.length ?? 0);
  const norm = Math.sqrt(u.flat().reduce((sum, x) => sum + x ** 2, 0));
  let x = scale(isTall ? transpose(u) : u, 1 / (norm + epsilon));
  for (let step = 0; step < steps; step++) {
    const gram = multiply(x, transpose(x));
    const polynomial = combine(gram, multiply(gram, gram), (s, square) => -4.775 * s + 2.0315 * square);
    x = combine(x, multiply(polynomial, x), (old, correction) => 3.4445 * old + correction);
  }
  return isTall ? transpose(x) : x;
}

export interface MuonState {
  readonly parameters: Matrix;
  readonly momentum: Matrix;
}

/** Jordan et al. 2024, one hidden matrix (out, in); the other parameters take AdamW's definition. */
export function definition(
  h: Readonly<Record<string, number>>,
  gradient: Matrix,
  { parameters, momentum }: MuonState,
): MuonState {
  const m = combine(momentum, gradient, (old, g) => h.momentum * old + (1 - h.momentum) * g);
  const u = h.nesterov === 1 ? combine(gradient, m, (g, x) => (1 - h.momentum) * g + h.momentum * x) : m;
  const x = orthogonalize(u, h.newtonSchulzSteps, h.epsilon);
  const rate = h.learningRate * Math.sqrt(Math.max(1, gradient.length / (gradient[0]?.length ?? 1)));
  const decayed = scale(parameters, 1 - h.learningRate * h.weightDecay);
  return { parameters: combine(decayed, x, (w, step) => w - rate * step), momentum: m };
}

const names = [
  ...["stepSize", "beta1", "oneMinusBeta1", "beta2", "oneMinusBeta2", "inverseRootBias2", "adamwEpsilon"],
  ...["adamwShrink", "vectorShrink", "learningRate", "momentum", "oneMinusMomentum", "nesterov", "epsilon", "shrink"],
  ...["a", "b", "c"],
];

const scalarsOf = ({ bindings: { clock, scalars }, constants: { R }, replica }: ReferenceCall) => {
  const row = (clock[1] * R + replica) * names.length;
  return Object.fromEntries(names.map((name, index) => [name, scalars[row + index]]));
};

const gradientOf = (bindings: Bindings, p: number): number => {
  const { factor, limit } = controlOf(bindings);
  return clipped(bindings.gradients[p] * factor, limit);
};

const isSkipped = (bindings: Bindings): boolean => controlOf(bindings).factor === 0;

/** Loshchilov and Hutter 2019, Algorithm 2, for a run of parameters. */
export const muon: ReferenceKernel = (call) => {
  const { bindings, constants } = call;
  const { parameters, m, v } = bindings;
  if (isSkipped(bindings)) return;
  const s = scalarsOf(call);
  for (let i = 0; i < constants.count; i++) {
    const p = constants.start + i;
    const at = constants.momentsAt + i;
    const g = gradientOf(bindings, p);
    m[at] = s.beta1 * m[at] + s.oneMinusBeta1 * g;
    v[at] = s.beta2 * v[at] + s.oneMinusBeta2 * g ** 2;
    const decayed = parameters[p] * (1 - (p < constants.matrices ? s.adamwShrink : s.vectorShrink));
    parameters[p] = decayed - (s.stepSize * m[at]) / (Math.sqrt(v[at]) * s.inverseRootBias2 + s.adamwEpsilon);
  }
};

/** Where each element (row, column) lies in X, which is never tall. */
function* places({ rows, columns }: Readonly<Record<string, number>>) {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      yield { at, inX: rows > columns ? column * rows + row : at };
    }
  }
}

export const muonAverage: ReferenceKernel = (call) => {
  const { bindings, constants } = call;
  const { momentum, x } = bindings;
  if (isSkipped(bindings)) return;
  const s = scalarsOf(call);
  for (const { at, inX } of places(constants)) {
    const g = gradientOf(bindings, at);
    momentum[at] = s.momentum * momentum[at] + s.oneMinusMomentum * g;
    x[inX] = s.nesterov === 1 ? s.oneMinusMomentum * g + s.momentum * momentum[at] : momentum[at];
  }
};

export const muonNormalize: ReferenceKernel = (call) => {
  const { norm, x } = call.bindings;
  const { epsilon } = scalarsOf(call);
  x.forEach((value, index) => {
    x[index] = value / (norm[0] + epsilon);
  });
};

export const muonStep: ReferenceKernel = (call) => {
  const { bindings, constants } = call;
  if (isSkipped(bindings)) return;
  const { learningRate, shrink } = scalarsOf(call);
  const rate = learningRate * Math.sqrt(Math.max(1, constants.rows / constants.columns));
  for (const { at, inX } of places(constants)) {
    bindings.parameters[at] = bindings.parameters[at] * (1 - shrink) - rate * bindings.x[inX];
  }
};
