/** Rows of a matrix. */
export type Matrix = readonly (readonly number[])[];

export const transpose = (a: Matrix): Matrix => (a[0] ?? []).map((_, j) => a.map((row) => row[j]));

export const multiply = (a: Matrix, b: Matrix): Matrix => {
  const columns = transpose(b);
  return a.map((row) => columns.map((column) => row.reduce((sum, x, k) => sum + x * column[k], 0)));
};

/** Turns rows p and q of `a`, and its columns with them, so that a[p][q] becomes 0; turns the rows of `vectors` too. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  const [app, aqq, apq] = [a[p][p], a[q][q], a[p][q]];
  if (apq === 0) return;
  const theta = (aqq - app) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta ** 2 + 1));
  const c = 1 / Math.sqrt(t ** 2 + 1);
  const s = t * c;
  for (const rows of [a, vectors]) {
    const [x, y] = [rows[p], rows[q]];
    rows[p] = x.map((value, k) => c * value - s * y[k]);
    rows[q] = x.map((value, k) => s * value + c * y[k]);
  }
  for (const row of a) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
}

/** Eigenvalues, and eigenvectors in rows, by Jacobi's rotations (Golub and Van Loan, section 8.5), until nothing moves. */
export function eigen(symmetric: Matrix): { readonly values: readonly number[]; readonly vectors: Matrix } {
  const n = symmetric.length;
  const a = symmetric.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        off = Math.max(off, Math.abs(a[p][q]) / Math.sqrt(Math.abs(a[p][p] * a[q][q])));
        rotate(a, vectors, p, q);
      }
    }
    if (off < 1e-16) break;
  }
  return { values: a.map((row, i) => row[i]), vectors };
}

/** A power of a symmetric positive definite matrix, by its eigenvalues. */
export function symmetricPower(symmetric: Matrix, exponent: number): Matrix {
  const { values, vectors } = eigen(symmetric);
  const scaled = vectors.map((row, i) => row.map((x) => x * values[i] ** exponent));
  return multiply(transpose(vectors), scaled);
}
