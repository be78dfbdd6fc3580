import { expect, test } from "vitest";
import { extentOf } from "../../src/ui/plots/scaleOf.ts";

const plot = (low: readonly number[], values: readonly number[]) => ({
  band: { low, high: values },
  lines: [{ x: values.map((_, index) => index + 1), y: values }],
});

test("a batch whose loss rounds to 0 leaves the axis a log one", () => {
  const extent = extentOf(plot([0, 1e-6, 0.1], [1e-3, 1e-4, 0.5]));
  expect(extent.log).toBe(true);
  expect(extent.low).toBeGreaterThan(0);
  expect(extent.low).toBeLessThan(1e-6);
  expect(extent.high).toBeGreaterThan(0.5);
});

test("negative values need a linear axis", () => expect(extentOf(plot([-1, 0], [1, 2])).log).toBe(false));

test("what is not finite, or not there, does not decide the range", () => {
  const extent = extentOf(plot([Number.NaN, 1], [Number.POSITIVE_INFINITY, 2]));
  expect(extent.high).toBeLessThan(3);
  expect(extentOf(plot([], []))).toEqual({ low: 0.1, high: 1, log: true, lastStep: 10 });
});
