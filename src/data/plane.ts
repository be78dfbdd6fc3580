import type { Random } from "../lib/random.ts";
import type { Examples } from "./dataset.ts";

/** Generated coordinates lie about in [-HALF_WIDTH, HALF_WIDTH], on both axes. */
export const HALF_WIDTH = 3;

/**
 * Draws classes of points in the plane. The labels go round (A, B, C, A, …), so the classes are balanced. Every point
 * consumes the same amount of randomness whatever the noise, so raising the noise moves the same points, and a larger
 * size keeps the points of a smaller one.
 *
 * @param draw.point where an example of class `label` lies without noise; must always draw equally many numbers.
 */
export function samplePlane(draw: {
  readonly size: number;
  readonly noise: number;
  readonly classes: number;
  readonly random: Random;
  readonly point: (label: number) => readonly [x1: number, x2: number];
}): Examples {
  const inputs = new Float32Array(2 * draw.size);
  const targets = new Float32Array(draw.size);
  for (let i = 0; i < draw.size; i++) {
    const label = i % draw.classes;
    const [x1, x2] = draw.point(label);
    inputs[2 * i] = x1 + draw.noise * draw.random.normal();
    inputs[2 * i + 1] = x2 + draw.noise * draw.random.normal();
    targets[i] = label;
  }
  const targetNames = Array.from({ length: draw.classes }, (_, label) => String.fromCharCode(65 + label));
  return { task: "classification", inputs, targets, featureNames: ["x₁", "x₂"], targetNames };
}
