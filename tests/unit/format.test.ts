import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatInput,
  formatMeasure,
  formatPercent,
  formatProgress,
  formatReading,
  formatSetting,
} from "../../src/lib/format.ts";

describe("settings", () => {
  test.each([
    [0.008, "8e−3"],
    [0.272, "0.272"],
    [1240, "1,240"],
    [0.9, "0.9"],
    [0.999, "0.999"],
    [0, "0"],
    [-1.5, "−1.5"],
    [1e-8, "1e−8"],
    [2_500_000, "2.5e6"],
  ])("%d reads %s", (value, text) => expect(formatSetting(value)).toBe(text));
});

test.each([
  [0, "0.0"],
  [1.999, "1.9"],
  [2, "2.0"],
  [0.7, "0.7"],
  [1.1, "1.1"],
  [999.96, "999.9"],
  [12_345.99, "12,345"],
  [undefined, "–"],
])("%d epochs that are done read %s, never more than are", (value, text) => expect(formatProgress(value)).toBe(text));

describe("readings", () => {
  test.each([
    [0.2718, "0.272"],
    [0.02984, "0.0298"],
    [12.3456, "12.346"],
    [1240.49, "1,240.5"],
    [0, "0.000"],
    [0.000123, "0.000123"],
    [0.0000482, "4.82e-5"],
  ])("%d reads %s", (value, text) => expect(formatReading(value)).toBe(text));

  test("a reading without separators is the number again, to three significant digits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (value) => {
        const read = Number(formatReading(value).replaceAll(",", ""));
        // Three significant digits: half a unit in the third, relative to the leading digit.
        expect(Math.abs(read - value) / value).toBeLessThanOrEqual(0.0051);
      }),
    );
  });

  test("one of something has no plural", () => {
    expect([0, 1, 2, 1240].map((count) => formatCounted(count, "row"))).toEqual([
      "0 rows",
      "1 row",
      "2 rows",
      "1,240 rows",
    ]);
  });

  test("a missing number keeps its place and what is not a number says so", () => {
    expect(formatReading(undefined)).toBe("–");
    expect(formatCount(undefined)).toBe("–");
    expect(formatReading(Number.NaN)).toBe("NaN");
    expect(formatReading(Number.POSITIVE_INFINITY)).toBe("∞");
    expect(formatPercent(undefined)).toBe("–");
  });
});

test("an input shows a number that reads back exactly", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(formatInput(value)) === value).toBe(true);
    }),
  );
  expect(formatInput(0.008)).toBe("8e-3");
  expect(formatInput(32)).toBe("32");
});

test("a measure for the eye goes to powers of ten below a thousandth", () => {
  expect(formatMeasure(0.0000319)).toBe("3.2e−5");
  expect(formatMeasure(-0.0004)).toBe("−4.0e−4");
  expect(formatMeasure(0.272)).toBe("0.272");
  expect(formatMeasure(0)).toBe("0.000");
  expect(formatMeasure(undefined)).toBe("–");
});

test("bytes and fractions carry their unit once", () => {
  expect(formatBytes(999)).toBe("999\u2009B");
  expect(formatBytes(12_340)).toBe("12.3\u2009kB");
  expect(formatPercent(0.9944)).toBe("99.4\u2009%");
});
