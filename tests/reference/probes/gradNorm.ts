import type { ReferenceKernel } from "../kernel.ts";

/** Each lane's sum of squares and its number of non-finite gradients; a sum above 2^100 as the negative of its 2^-140th. */
export const gradNormPartials: ReferenceKernel = ({ bindings: { gradients, lanes, partials }, constants: { L } }) => {
  for (let lane = 0; lane < L; lane++) {
    const [start, end, stride] = lanes.subarray(3 * lane, 3 * lane + 3);
    let squares = 0;
    let nonFinite = 0;
    for (let p = start; p < end; p += stride) {
      squares += gradients[p] ** 2;
      if (!Number.isFinite(gradients[p])) nonFinite += 1;
    }
    partials.set([squares > 2 ** 100 ? -squares * 2 ** -140 : squares, nonFinite], 2 * lane);
  }
};
