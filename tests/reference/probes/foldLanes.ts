import type { ReferenceKernel } from "../kernel.ts";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Each fold's sum of squares, count and penalties, in the form that lanes have them; see gradNorm.ts. */
export const foldLanes: ReferenceKernel = ({
  bindings: { partials, folds, folded },
  constants: { L, F, penalized },
}) => {
  for (let fold = 0; fold < F; fold++) {
    const lanes: number[] = [];
    for (let lane = folds[3 * fold]; lane < folds[3 * fold + 1]; lane += folds[3 * fold + 2]) lanes.push(lane);
    const squares = sum(lanes.map((lane) => partials[2 * lane]).map((x) => (x < 0 ? -x * 2 ** 140 : x)));
    const isLarge = lanes.some((lane) => partials[2 * lane] < 0);
    const counts = lanes.map((lane) => partials[2 * lane + 1]);
    const nonFinite = sum(counts.filter((count) => count > 0));
    const clipped = sum(counts.filter((count) => count < 0));
    folded.set([isLarge ? -squares * 2 ** -140 : squares, nonFinite > 0 ? nonFinite : clipped], 2 * fold);
    if (penalized === 1) folded[2 * F + fold] = sum(lanes.map((lane) => partials[2 * L + lane]));
  }
};
