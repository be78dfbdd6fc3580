import { expect, test } from "vitest";
import { extentOf } from "../../src/ui/plots/extent.ts";
import type { Picture } from "../../src/ui/plots/plot.ts";

const all = { from: 0, to: Number.POSITIVE_INFINITY };
const asChosen = { log: true, clipOutliers: false };

function pictureOf(low: readonly number[], values: readonly number[], guides: readonly number[] = []): Picture {
  const x = values.map((_, index) => index + 1);
  return {
    band: { x, low, high: values },
    lines: [{ x, y: values, token: "--ink", width: 1 }],
    guides: guides.map((value) => ({ value, label: "" })),
  };
}

test("a batch whose loss rounds to 0 leaves the axis a log one", () => {
  const extent = extentOf(pictureOf([0, 1e-6, 0.1], [1e-3, 1e-4, 0.5]), all, asChosen);
  expect(extent.log).toBe(true);
  expect(extent.low).toBeGreaterThan(0);
  expect(extent.low).toBeLessThan(1e-6);
  expect(extent.high).toBeGreaterThan(0.5);
});

test("negative values need a linear axis", () => {
  expect(extentOf(pictureOf([-1, 0], [1, 2]), all, asChosen).log).toBe(false);
});

test("what is not finite, or not there, does not decide the range", () => {
  const extent = extentOf(pictureOf([Number.NaN, 1], [Number.POSITIVE_INFINITY, 2]), all, asChosen);
  expect(extent.high).toBeLessThan(3);
  expect(extentOf(pictureOf([], []), all, asChosen)).toEqual({ low: 0.1, high: 1, log: true });
});

test("only the steps in view decide the range", () => {
  const picture = pictureOf([1, 2, 1000], [1, 2, 1000]);
  expect(extentOf(picture, { from: 1, to: 2 }, asChosen).high).toBeLessThan(4);
});

test("without outliers, one spike in a hundred values does not flatten the others", () => {
  const values = Array.from({ length: 100 }, (_, index) => (index === 50 ? 1e6 : 1 + index / 100));
  const picture = pictureOf(values, values);
  expect(extentOf(picture, all, { log: false, clipOutliers: true }).high).toBeLessThan(3);
  expect(extentOf(picture, all, { log: false, clipOutliers: false }).high).toBeGreaterThan(1e6);
});

test("the few values of one curve are no outliers among the many of another", () => {
  const many = pictureOf(
    [],
    Array.from({ length: 100 }, (_, index) => 0.1 + index / 1000),
  );
  const few = { x: [0, 100], y: [0.7, 1.1], token: "--ball", width: 2 };
  const { lines } = many;
  const extent = extentOf({ lines: [...lines, few] }, all, { log: false, clipOutliers: true });
  expect(extent.high).toBeGreaterThan(1.1);
});

test("a guide near the curves is in view, a distant one does not squeeze them", () => {
  expect(extentOf(pictureOf([1, 2], [1, 2], [5]), all, asChosen).high).toBeGreaterThan(5);
  expect(extentOf(pictureOf([1, 2], [1, 2], [500]), all, asChosen).high).toBeLessThan(5);
});

test("an axis from zero has zero at its end, and no axis of positive values goes below", () => {
  const high = pictureOf([90, 100], [90, 100]);
  expect(extentOf(high, all, { log: false, clipOutliers: false, fromZero: true }).low).toBe(0);
  expect(extentOf(pictureOf([0.1, 100], [0.1, 100]), all, { log: false, clipOutliers: false }).low).toBe(0);
});
