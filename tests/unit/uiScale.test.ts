import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NumberParameter, NumbersParameter } from "../../src/lib/hyperparameters.ts";
import { positionOf, positions, readTyped, readTypedNumbers, stepFrom, valueAt } from "../../src/ui/controls/scale.ts";

const learningRate: NumberParameter = {
  kind: "number",
  label: "Learning rate",
  default: 0.01,
  min: 0,
  max: 10,
  slider: [1e-5, 1],
  scale: "log",
};
const size: NumberParameter = {
  kind: "number",
  label: "Points",
  default: 300,
  min: 10,
  max: 2000,
  scale: "linear",
  integer: true,
};
const momentum: NumberParameter = { kind: "number", label: "Momentum", default: 0.9, min: 0, max: 1, scale: "linear" };
const parameters = [learningRate, size, momentum];

test("every position gives a value that the parameter allows, and positions keep the order of values", () => {
  for (const parameter of parameters) {
    let before = Number.NEGATIVE_INFINITY;
    for (let position = 0; position <= positions; position++) {
      const value = valueAt(parameter, position);
      expect(readTyped(parameter, String(value)).ok).toBe(true);
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
  }
});

test("the left end of a log slider that may be 0 is 0, and its right end is exact", () => {
  expect(valueAt(learningRate, 0)).toBe(0);
  expect(valueAt(learningRate, positions)).toBe(1);
  expect(positionOf(learningRate, 0)).toBe(0);
});

test("a value stands within one position of where the slider would put it back", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-5, max: 1, noNaN: true }), (value) => {
      const there = valueAt(learningRate, positionOf(learningRate, value));
      // One position spans 10^(5/199), and rounding to two digits moves a value by at most 5 %.
      expect(Math.abs(Math.log10(there / value))).toBeLessThan(5 / 199 + Math.log10(1.05));
    }),
  );
});

test("an arrow key always moves to another value until the end", () => {
  expect(stepFrom(size, 300, 1)).toBeGreaterThan(300);
  expect(stepFrom(size, 300, -1)).toBeLessThan(300);
  expect(stepFrom(learningRate, 1, 1)).toBe(1);
  expect(stepFrom(learningRate, 5, 1)).toBe(5);
  expect(stepFrom(momentum, 0, -1)).toBe(0);
});

describe("a typed text", () => {
  test("in powers of ten is read", () => expect(readTyped(learningRate, "8e-3")).toEqual({ ok: true, value: 0.008 }));
  test("with a real minus sign is read", () =>
    expect(readTyped(learningRate, "8e−3")).toEqual({ ok: true, value: 0.008 }));
  test.each(["50", "-1", "", "fast"])("%s is refused with the allowed range", (text) => {
    const result = readTyped(learningRate, text);
    expect(result.ok).toBe(false);
    expect(result).toHaveProperty("message", expect.stringContaining("from 0 to 10"));
  });
  test("with a fraction is refused where only whole numbers are allowed", () => {
    expect(readTyped(size, "12.5").ok).toBe(false);
  });
});

describe("a typed list", () => {
  const weights: NumbersParameter = { kind: "numbers", label: "Class weights", default: [], min: 0, max: 100 };

  test.each([
    ["1, 2, 0.5", [1, 2, 0.5]],
    ["1 2;3", [1, 2, 3]],
    ["7", [7]],
    ["  ", []],
  ])("%j is the numbers between commas or blanks", (text, value) =>
    expect(readTypedNumbers(weights, text)).toEqual({ ok: true, value }),
  );

  test.each([
    ["1, two", "Class weights: got two, expected numbers from 0 to 100 with commas between."],
    ["1, −2", "Class weights: got −2, expected numbers from 0 to 100 with commas between."],
    ["1, 1e9", "Class weights: got 1e9, expected numbers from 0 to 100 with commas between."],
    ["1 ".repeat(1001), "Class weights: got 1001 numbers, expected at most 1000."],
  ])("%j is refused by name", (text, message) =>
    expect(readTypedNumbers(weights, text)).toEqual({ ok: false, message }),
  );
});
