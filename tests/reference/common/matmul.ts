import type { ReferenceKernel } from "../kernel.ts";

/** c_ij = alpha sum_k a_ik b_kj + beta d_ij; transposed, b_kj stands at b_jk. */
export const matmul: ReferenceKernel = ({ bindings, constants, replica }) => {
  const { left, right, addend, clock, scalars, result } = bindings;
  const { rows, columns, depth, transposed, alphaAt, betaAt, S, R } = constants;
  const scalar = (at: number) => scalars[(clock[1] * R + replica) * S + at - 1];
  const alpha = alphaAt === 0 ? 1 : scalar(alphaAt);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++)
        sum += left[i * depth + k] * right[transposed === 1 ? j * depth + k : k * columns + j];
      result[i * columns + j] = alpha * sum + (betaAt === 0 ? 0 : scalar(betaAt) * addend[i * columns + j]);
    }
  }
};

/** As the pair kernels, where a number is the sum of both planes; it goes whole into the first. */
export const exactMatmul: ReferenceKernel = ({ bindings: { left, right, gate, result }, constants }) => {
  const { rows, columns, depth, accumulate } = constants;
  if (gate[0] === 0) return;
  const a = Float64Array.from({ length: rows * depth }, (_, i) => left[i] + left[rows * depth + i]);
  const b = Float64Array.from({ length: depth * columns }, (_, i) => right[i] + right[depth * columns + i]);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      let sum = accumulate === 1 ? result[at] + result[rows * columns + at] : 0;
      for (let k = 0; k < depth; k++) sum += a[i * depth + k] * b[k * columns + j];
      result[at] = sum;
      result[rows * columns + at] = 0;
    }
  }
};

export const frobenius: ReferenceKernel = ({ bindings: { input, norm }, constants: { count } }) => {
  norm[0] = Math.sqrt(input.subarray(0, count).reduce((sum, x) => sum + x * x, 0));
};
