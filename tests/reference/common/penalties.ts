import type { ReferenceKernel } from "../kernel.ts";
import { controlOf } from "./control.ts";

/** l1 Σ|w| + l2/2 Σw² of each lane of a matrix, and its gradient on top of the loss's. */
export const penalize: ReferenceKernel = ({ bindings, constants: { L, matrices } }) => {
  const { parameters, gradients, lanes, partials } = bindings;
  const { l1, l2, lossScale } = controlOf(bindings);
  for (let lane = 0; lane < L; lane++) {
    const [start, end, stride] = lanes.subarray(3 * lane, 3 * lane + 3);
    partials[2 * L + lane] = 0;
    for (let p = start; p < end && p < matrices; p += stride) {
      const w = parameters[p];
      gradients[p] += lossScale * (l1 * Math.sign(w) + l2 * w);
      partials[2 * L + lane] += l1 * Math.abs(w) + (l2 / 2) * w ** 2;
    }
  }
};
