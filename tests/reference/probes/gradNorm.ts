import type { ReferenceKernel } from "../kernel.ts";

/** Each lane's sum of squares and its number of non-finite gradients. */
export const gradNormPartials: ReferenceKernel = ({ bindings: { gradients, lanes, partials }, constants: { L } }) => {
  for (let lane = 0; lane < L; lane++) {
    const [start, end, stride] = lanes.subarray(3 * lane, 3 * lane + 3);
    let squares = 0;
    let nonFinite = 0;
    for (let p = start; p < end; p += stride) {
      squares += gradients[p] ** 2;
      if (!Number.isFinite(gradients[p])) nonFinite += 1;
    }
    partials.set([squares, nonFinite], 2 * lane);
  }
};
