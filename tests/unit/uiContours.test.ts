import { expect, test } from "vitest";
import { contour } from "../../src/ui/views/contours.ts";

test("the contour of a plane is the straight line where the plane has the level", () => {
  const segments = contour((column) => column / 10, 11, 0.37);
  expect(segments).toHaveLength(10);
  for (const [x1, , x2] of segments) {
    expect(x1).toBeCloseTo(3.7, 9);
    expect(x2).toBeCloseTo(3.7, 9);
  }
});

test("the contour of a cone is a circle, to the grid's curvature", () => {
  const segments = contour((column, row) => Math.hypot(column - 20, row - 20), 41, 11.5);
  expect(segments.length).toBeGreaterThan(40);
  for (const [x, y] of segments) {
    // Linear interpolation over one cell of a circle of radius r is off by at most 1 / (8 r).
    expect(Math.abs(Math.hypot(x - 20, y - 20) - 11.5)).toBeLessThan(1 / (8 * 11.5) + 1e-9);
  }
});

test("a field that never reaches the level has no contour", () => {
  expect(contour(() => 0.2, 8, 0.5)).toEqual([]);
});
