import { controlOf } from "../common/control.ts";
import type { ReferenceKernel } from "../kernel.ts";

/**
 * Each lane's sum of squares, above 2^100 as the negative of its 2^-140th, and its number of non-finite gradients, or where
 * there are none minus the number of those that clipping by value changes.
 */
export const gradNormPartials: ReferenceKernel = ({ bindings, constants: { L } }) => {
  const { gradients, lanes, partials } = bindings;
  const { limit, lossScale } = controlOf(bindings);
  for (let lane = 0; lane < L; lane++) {
    const [start, end, stride] = lanes.subarray(3 * lane, 3 * lane + 3);
    let squares = 0;
    let nonFinite = 0;
    let clipped = 0;
    for (let p = start; p < end; p += stride) {
      squares += gradients[p] ** 2;
      if (!Number.isFinite(gradients[p])) nonFinite += 1;
      if (Math.abs(gradients[p] / lossScale) > limit) clipped += 1;
    }
    partials.set([squares > 2 ** 100 ? -squares * 2 ** -140 : squares, nonFinite > 0 ? nonFinite : -clipped], 2 * lane);
  }
};
