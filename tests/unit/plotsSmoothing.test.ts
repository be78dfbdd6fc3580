import { expect, test } from "vitest";
import { smooth } from "../../src/ui/plots/smoothing.ts";

test("smoothing is TensorBoard's moving average, freed of its start at 0", () => {
  // By hand for weight 0.6: last = 0.6 last + 0.4 value, over 1 - 0.6^n.
  const [a, b, c] = smooth([1, 2, 4], 0.6);
  expect(a).toBeCloseTo(0.4 / 0.4, 12);
  expect(b).toBeCloseTo((0.24 + 0.8) / (1 - 0.36), 12);
  expect(c).toBeCloseTo(((0.24 + 0.8) * 0.6 + 1.6) / (1 - 0.216), 12);
});

test("a weight of 0 leaves a curve as it is", () => expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]));

test("a weight of 1 divides by nothing, as TensorBoard does", () => expect([...smooth([3, 1], 1)]).toEqual([0, 0]));

test("what is not finite stays a gap and counts for nothing", () => {
  const [first, gap, last] = smooth([1, Number.NaN, 3], 0.5);
  expect([first, gap]).toEqual([1, Number.NaN]);
  expect(last).toBeCloseTo((0.5 * 0.5 + 0.5 * 3) / (1 - 0.25), 12);
});

test("a constant curve stays exactly what it is", () => {
  expect([...smooth([0.1, 0.1, 0.1], 0.7)]).toEqual([0.1, 0.1, 0.1]);
});
