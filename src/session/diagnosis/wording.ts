import type { RunConfig } from "../config.ts";

const thinSpace = "\u2009";

/** A fraction in whole per cent: nobody acts on a tenth of one. */
export const percent = (fraction: number): string => `${Math.round(100 * fraction)}${thinSpace}%`;

/** "layers.1.weight, in layer 2 of 3"; the output layer counts. The loss belongs to none. */
export function placeOf(tensor: string, { model }: Pick<RunConfig, "model">): string {
  const [, index] = /^layers\.(\d+)\./.exec(tensor) ?? [];
  if (index === undefined) return `the ${tensor}`;
  return `${tensor}, in layer ${Number(index) + 1} of ${model.layers.length + 1}`;
}
