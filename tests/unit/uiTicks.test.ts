import fc from "fast-check";
import { expect, test } from "vitest";
import { linearTicks, logTicks } from "../../src/ui/plots/ticks.ts";

test("ticks are round numbers inside the range", () => {
  expect(linearTicks(-6, 6, 7)).toEqual([-6, -4, -2, 0, 2, 4, 6]);
  expect(linearTicks(0, 2480, 6)).toEqual([0, 500, 1000, 1500, 2000]);
  expect(logTicks(0.015, 1.1, 7)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  expect(logTicks(1e-5, 20, 7)).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
});

test("there are never more ticks than asked for, and all lie inside", () => {
  const range = fc.tuple(
    fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
    fc.double({ min: 1.01, max: 1e9, noNaN: true }),
  );
  fc.assert(
    fc.property(range, fc.integer({ min: 3, max: 9 }), ([low, factor], most) => {
      const high = low * factor;
      for (const ticks of [linearTicks(low, high, most), logTicks(low, high, most)]) {
        expect(ticks.length).toBeLessThanOrEqual(most);
        for (const tick of ticks) {
          // Ticks are rounded to 12 digits.
          expect(tick).toBeGreaterThanOrEqual(low * (1 - 1e-8));
          expect(tick).toBeLessThanOrEqual(high * (1 + 1e-8));
        }
      }
    }),
  );
});
