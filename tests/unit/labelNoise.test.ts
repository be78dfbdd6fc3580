import { expect, test } from "vitest";
import { checkConfig } from "../../src/session/check.ts";
import { prepareData } from "../../src/session/prepareData.ts";

function prepared(data: Readonly<Record<string, unknown>>) {
  const checked = checkConfig({ data });
  if (!checked.ok) throw new Error(checked.problems.join(" "));
  return prepareData(checked.config.data, undefined);
}

const differing = (a: Float32Array, b: Float32Array): number[] =>
  [...a.keys()].filter((index) => a[index] !== b[index]);

test("label noise gives exactly its fraction of the training examples another class that there is", () => {
  const clean = prepared({ kind: "spirals" });
  const noisy = prepared({ kind: "spirals", labelNoise: 0.3 });
  expect(differing(clean.splits.train.targets, noisy.splits.train.targets)).toHaveLength(Math.round(0.3 * 420));
  expect(new Set(noisy.splits.train.targets)).toEqual(new Set([0, 1, 2]));
  expect(noisy.notes).toContain("Label noise: 126 of 420 training examples have a wrong class.");
});

test("label noise leaves inputs and the other splits as they are", () => {
  const clean = prepared({ kind: "moons" });
  const noisy = prepared({ kind: "moons", labelNoise: 0.5 });
  expect(noisy.splits.train.inputs).toEqual(clean.splits.train.inputs);
  expect(noisy.splits.validation).toEqual(clean.splits.validation);
  expect(noisy.splits.test).toEqual(clean.splits.test);
});

test("more label noise keeps what less of it changed", () => {
  const clean = prepared({ kind: "spirals" }).splits.train.targets;
  const [less, more] = [0.1, 0.4].map((labelNoise) => prepared({ kind: "spirals", labelNoise }).splits.train.targets);
  for (const index of differing(clean, less ?? clean)) expect(more?.[index]).toBe(less?.[index]);
});

test("label noise of 1 leaves no training example its class", () => {
  const clean = prepared({ kind: "moons" }).splits.train.targets;
  expect(differing(clean, prepared({ kind: "moons", labelNoise: 1 }).splits.train.targets)).toHaveLength(clean.length);
});

test("the same seed draws the same label noise, another seed another", () => {
  const draw = (seed: number) => prepared({ kind: "moons", seed, labelNoise: 0.3 }).splits.train.targets;
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("the label noise of a regression is normal, in standard deviations of the training targets", () => {
  const clean = prepared({ kind: "sine", size: 20_000 }).splits.train.targets;
  const noisy = prepared({ kind: "sine", size: 20_000, labelNoise: 0.5 }).splits.train.targets;
  const deviation = (values: ArrayLike<number>) => {
    const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(Array.from(values).reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  const shift = clean.map((value, index) => (noisy[index] ?? Number.NaN) - value);
  // The deviation of N draws has a relative error of 1 / sqrt(2 N): 0.6 % here, allowed four times.
  expect(Math.abs(deviation(shift) / (0.5 * deviation(clean)) - 1)).toBeLessThan(4 / Math.sqrt(2 * clean.length));
});
