import { describe, expect, it } from "vitest";
import type { Examples, Task } from "../../src/data/dataset.ts";
import * as datasets from "../../src/data/index.ts";
import { defaultsOf, type Hyperparameters, type Values } from "../../src/lib/hyperparameters.ts";
import { createRandom, type Random } from "../../src/lib/random.ts";

/** A dataset as a test over the whole registry sees it. */
interface AnyDataset {
  readonly task: Task;
  readonly hyperparameters: Hyperparameters;
  classes?(values: Values): number;
  sample(values: Values, random: Random): Examples;
}

const registry = Object.entries(datasets as unknown as Record<string, AnyDataset>);
const draw = (dataset: AnyDataset, values: Values = {}, seed = 1): Examples =>
  dataset.sample({ ...defaultsOf(dataset.hyperparameters), ...values }, createRandom(seed, "data"));

describe.each(registry)("dataset %s", (_, dataset) => {
  it("draws as many finite examples as asked for, as wide as its names say", () => {
    for (const size of [10, 301]) {
      const { inputs, targets, featureNames, task } = draw(dataset, { size });
      expect(task).toBe(dataset.task);
      expect(inputs.length).toBe(size * featureNames.length);
      expect(targets.length).toBe(size);
      expect([...inputs, ...targets].every(Number.isFinite)).toBe(true);
    }
  });

  it("has as many classes as it says, with its defaults and at the ends of every number that it has", () => {
    const numbers = Object.entries(dataset.hyperparameters).flatMap(([name, field]) =>
      field.kind === "number" && name !== "size" ? [{ [name]: field.min }, { [name]: field.max }] : [],
    );
    for (const values of [{}, ...numbers]) {
      const { targetNames } = draw(dataset, { size: 10, ...values });
      const classes = dataset.classes?.({ ...defaultsOf(dataset.hyperparameters), ...values });
      expect(classes).toBe(dataset.task === "classification" ? targetNames.length : undefined);
    }
  });

  it("is the same for the same seed and another one for another seed", () => {
    const size = 200;
    expect(draw(dataset, { size }, 5)).toEqual(draw(dataset, { size }, 5));
    expect(draw(dataset, { size }, 5).inputs).not.toEqual(draw(dataset, { size }, 6).inputs);
  });

  it("keeps the examples of a smaller size", () => {
    const [small, large] = [draw(dataset, { size: 40 }), draw(dataset, { size: 90 })];
    expect(large.inputs.subarray(0, small.inputs.length)).toEqual(small.inputs);
    expect(large.targets.subarray(0, 40)).toEqual(small.targets);
  });

  it("moves the same examples by an amount proportional to the noise", () => {
    const moved = dataset.task === "classification" ? "inputs" : "targets";
    const draws = [0, 0.5, 1].map((noise) => draw(dataset, { noise, size: 200 }));
    const [none, half, whole] = draws.map((examples) => examples[moved]);
    // Pixels end at paper and ink: those that end there have lost some of their noise.
    const clipped = (i: number) => draws[0].image !== undefined && [half[i], whole[i]].some((x) => x <= 0 || x >= 1);
    // Coordinates stay below 8 in size, so three float32 roundings err by less than 3 · 2^-21.
    const tolerance = 3 * 2 ** -21;
    const bent = none.findIndex(
      (start, i) => !clipped(i) && Math.abs(2 * (half[i] - start) - (whole[i] - start)) > tolerance,
    );
    expect(bent).toBe(-1);
    expect(whole).not.toEqual(none);
  });

  it("lies within the domain at its default noise, but for the tails of the noise", () => {
    const { inputs, targets } = draw(dataset, { size: 2000 });
    const outside = inputs.filter((x) => Math.abs(x) > 3.5).length / inputs.length;
    expect(outside).toBeLessThan(0.01);
    if (dataset.task === "regression") {
      const beyond = targets.filter((y) => Math.abs(y) > 1.6).length / targets.length;
      expect(beyond).toBeLessThan(0.01);
    }
  });

  if (dataset.task === "classification") {
    it("has balanced labels below the number of its class names", () => {
      const { targets, targetNames, image } = draw(dataset, { size: 601 });
      const counts = targetNames.map((_, label) => targets.filter((target) => target === label).length);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(601);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      expect(targetNames.slice(0, 2)).toEqual(image === undefined ? ["A", "B"] : ["0", "1"]);
    });
  } else {
    it("leaves the asked fraction of the domain, its middle, without examples", () => {
      for (const gap of [0, 0.25, 0.6]) {
        const { inputs } = draw(dataset, { gap, size: 5000 });
        const nearest = inputs.reduce((least, x) => Math.min(least, Math.abs(x)), 3);
        const furthest = inputs.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
        // With 5000 examples the nearest and the furthest are within 0.02 of where they may be at most.
        expect(nearest).toBeGreaterThanOrEqual(Math.fround(3 * gap));
        expect(nearest).toBeLessThan(3 * gap + 0.02);
        expect(furthest).toBeGreaterThan(2.98);
        expect(furthest).toBeLessThanOrEqual(3);
      }
    });
  }
});

describe("shapes", () => {
  const { spirals, gaussians, xor, circles, checkerboard, sine, step, polynomial } = datasets;
  const points = ({ inputs, targets }: Examples) =>
    [...targets].map((label, i) => ({ x1: inputs[2 * i], x2: inputs[2 * i + 1], label }));

  it("spirals with the default settings are separable to at least 98 % by the nearest arm", () => {
    const values = defaultsOf(spirals.hyperparameters);
    const arms = points(spirals.sample({ ...values, noise: 0, size: 6000 }, createRandom(99, "data")));
    const examples = points(spirals.sample(values, createRandom(1, "data")));
    const right = examples.filter((point) => {
      const distance = (other: (typeof arms)[number]) => (other.x1 - point.x1) ** 2 + (other.x2 - point.x2) ** 2;
      return arms.reduce((best, other) => (distance(other) < distance(best) ? other : best)).label === point.label;
    });
    expect(right.length / examples.length).toBeGreaterThanOrEqual(0.98);
  });

  it("gaussians and spirals have as many classes as asked for", () => {
    for (const count of [2, 5]) {
      const arms = spirals.sample({ ...defaultsOf(spirals.hyperparameters), arms: count }, createRandom(1, "data"));
      const blobs = gaussians.sample(
        { ...defaultsOf(gaussians.hyperparameters), classes: count },
        createRandom(1, "data"),
      );
      for (const { targets, targetNames } of [arms, blobs]) {
        expect(targetNames.length).toBe(count);
        expect(new Set(targets).size).toBe(count);
      }
    }
  });

  it("without noise, xor is the sign of x₁x₂, circles a matter of radius, the checkerboard one of squares", () => {
    const clean = { noise: 0, size: 500 };
    for (const { x1, x2, label } of points(xor.sample(clean, createRandom(1, "data"))))
      expect(x1 * x2 > 0 ? 0 : 1).toBe(label);
    for (const { x1, x2, label } of points(circles.sample({ ...clean, ratio: 0.5 }, createRandom(1, "data")))) {
      expect(Math.hypot(x1, x2) > 1.8 ? 0 : 1).toBe(label);
    }
    for (const rows of [2, 3, 8]) {
      for (const { x1, x2, label } of points(checkerboard.sample({ ...clean, rows }, createRandom(1, "data")))) {
        const [column, row] = [x1, x2].map((x) => Math.floor(((x + 3) * rows) / 6));
        expect((column + row) % 2).toBe(label);
      }
    }
  });

  it("without noise, the curves go through the values that their definitions name", () => {
    const near = ({ inputs, targets }: Examples, x: number) => {
      const closest = inputs.reduce(
        (best, other, i) => (Math.abs(other - x) < Math.abs(inputs[best] - x) ? i : best),
        0,
      );
      return targets[closest];
    };
    const clean = { noise: 0, gap: 0, size: 20_000 };
    // The nearest of 20,000 examples is within about 0.003; the steepest of these slopes is 3.
    const tolerance = 0.02;
    const expectNear = (examples: Examples, x: number, y: number) =>
      expect(Math.abs(near(examples, x) - y)).toBeLessThan(tolerance);
    const wave = sine.sample({ ...clean, periods: 1 }, createRandom(1, "data"));
    for (const [x, y] of [
      [0, 0],
      [1.5, 1],
      [-1.5, -1],
      [2.9, Math.sin((Math.PI * 2.9) / 3)],
    ])
      expectNear(wave, x, y);
    const stairs = step.sample({ ...clean, steps: 2 }, createRandom(1, "data"));
    for (const [x, y] of [
      [-2, -1],
      [-1.1, -1],
      [0, 0],
      [1.1, 1],
      [3, 1],
    ])
      expectNear(stairs, x, y);
    const cubic = polynomial.sample({ ...clean, degree: 3 }, createRandom(1, "data"));
    for (const [x, y] of [
      [0, 0],
      [1.5, -1],
      [-1.5, 1],
      [3, 1],
      [-3, -1],
    ])
      expectNear(cubic, x, y);
  });
});
