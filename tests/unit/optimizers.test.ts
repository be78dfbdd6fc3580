import { describe, expect, it } from "vitest";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import { numbersPerParameter, type Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { layArena } from "../../src/engine/parameters.ts";
import { defaultsOf, type Values } from "../../src/lib/hyperparameters.ts";

const parameters = layArena(
  [
    { name: "0.weight", shape: [5, 3], fanIn: 3, fanOut: 5 },
    { name: "0.bias", shape: [5], fanIn: 3, fanOut: 5 },
  ],
  "parameters",
  "parameters",
);

/** Elements of the matrix and of the bias, with the padding after them. */
const [MATRICES, BIASES] = [128, 128];

describe("the numbers that an optimizer keeps per parameter", () => {
  const cases: readonly (readonly [Optimizer, Values, number])[] = [
    [optimizers.sgd, {}, 1],
    [optimizers.rmsprop, {}, 2],
    [optimizers.rmsprop, { centered: true }, 3],
    [optimizers.adagrad, {}, 1],
    [optimizers.adadelta, {}, 2],
    [optimizers.adam, {}, 2],
    [optimizers.adam, { amsgrad: true }, 3],
    [optimizers.adamw, {}, 2],
    [optimizers.nadam, {}, 2],
    [optimizers.radam, {}, 2],
    [optimizers.lion, {}, 1],
    // AdamW's two for all that is not hidden, and one for each matrix where all are taken
    [optimizers.muon, {}, 2],
    [optimizers.muon, { matrices: "all" }, (2 * BIASES + MATRICES) / (MATRICES + BIASES)],
    // Two statistics and their roots as pairs of numbers, and a sum of squares for each bias
    [optimizers.shampoo, {}, (4 * (5 ** 2 + 3 ** 2) + BIASES) / (MATRICES + BIASES)],
  ];

  it.each(cases.map(([optimizer, values, count]) => ({ optimizer, name: optimizer.label, values, count })))(
    "are $count for $name with $values",
    ({ optimizer, values, count }) => {
      const all = { ...defaultsOf(optimizer.hyperparameters), ...values };
      expect(numbersPerParameter(optimizer.layState(parameters, all), parameters)).toBe(count);
    },
  );

  it("are known of every optimizer", () => {
    expect(new Set(cases.map(([optimizer]) => optimizer))).toEqual(new Set(Object.values(optimizers)));
  });

  it("start at 0, but Adagrad's at the initial sum", () => {
    const initials = (optimizer: Optimizer, values: Values) =>
      optimizer.layState(parameters, values).map(({ initial }) => initial);
    expect(initials(optimizers.adam, defaultsOf(optimizers.adam.hyperparameters))).toEqual([0, 0, 0]);
    const values = { ...defaultsOf(optimizers.adagrad.hyperparameters), initialAccumulator: 0.25 };
    expect(initials(optimizers.adagrad, values)).toEqual([0.25]);
  });
});

describe("NAdam's product of momenta", () => {
  const { scalars, hyperparameters } = optimizers.nadam;
  /** 1 - mu_1 * ... * mu_t, from the number that the kernel reads. */
  const rest = (values: typeof usual, t: number) => {
    const mu = values.beta1 * (1 - 0.5 * 0.96 ** (t * values.momentumDecay));
    return (values.learningRate * (1 - mu)) / scalars.gradientStep(values, t);
  };
  const usual = defaultsOf(hyperparameters);
  const direct = ({ beta1, momentumDecay }: typeof usual, t: number) =>
    1 -
    Array.from({ length: t }, (_, i) => beta1 * (1 - 0.5 * 0.96 ** ((i + 1) * momentumDecay))).reduce((a, b) => a * b);

  it("is the same in whatever order the steps ask, and for hyperparameters that take turns", () => {
    const other = { ...usual, beta1: 0.999, momentumDecay: 0.5 };
    for (const t of [7, 1, 300, 2, 299, 5000, 40]) {
      for (const values of [usual, other]) expect(rest(values, t)).toBeCloseTo(direct(values, t), 13);
    }
  });

  it("is nothing beside 1 after ten million steps, which take no longer than the first thousand", () => {
    expect(rest(usual, 10_000_000)).toBeCloseTo(1, 15);
  });
});
