import { expect, test } from "vitest";
import { thin } from "../../src/ui/plots/thin.ts";

const evaluations = Array.from({ length: 10_000 }, (_, index) => ({
  step: index,
  loss: index === 4321 ? 50 : 1 + Math.sin(index / 300),
  accuracy: undefined,
}));

test("a long curve keeps few points, its spike, its newest point and its order", () => {
  const kept = thin(evaluations, 200);
  expect(kept.length).toBeLessThanOrEqual(202);
  expect(kept).toContain(evaluations[4321]);
  expect(kept.at(-1)).toBe(evaluations.at(-1));
  const steps = kept.map(({ step }) => step);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
});

test("a short curve stays as it is", () => {
  expect(thin(evaluations.slice(0, 100), 200)).toHaveLength(100);
});
