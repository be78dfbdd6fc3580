import { describe, expect, it } from "vitest";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import { type ElementwiseOptimizer, isElementwise, type Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { defaultsOf, type Values } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import { controlAt } from "../kernels/optimizerCases.ts";
import * as activations from "./activations/index.ts";
import { kernels } from "./index.ts";
import { definitions } from "./optimizers/index.ts";

describe("the reference's definitions, worked by hand", () => {
  const start = { parameter: 1, gradient: 0.5, decays: true };

  it("sgd does not dampen the first step, and dampens the second", () => {
    const h = { learningRate: 0.1, momentum: 0.9, dampening: 0.5, nesterov: 0, weightDecay: 0 };
    const first = definitions.sgd(h, 1, { ...start, state: { momentum: 0 } });
    expect(first.parameter).toBeCloseTo(1 - 0.1 * 0.5, 15);
    const second = definitions.sgd(h, 2, { ...start, ...first });
    expect(second.state.momentum).toBeCloseTo(0.9 * 0.5 + 0.5 * 0.5, 15);
    expect(second.parameter).toBeCloseTo(0.95 - 0.1 * 0.7, 15);
  });

  it("adam's first step is the learning rate, whatever the gradient's size", () => {
    const h = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 0, weightDecay: 0 };
    for (const gradient of [1e-6, 3, -1e6]) {
      const { parameter } = definitions.adam(h, 1, { ...start, gradient, state: { m: 0, v: 0 } });
      expect(parameter).toBeCloseTo(1 - 0.1 * Math.sign(gradient), 12);
    }
  });

  it("adamw decays without a gradient by the learning rate times the decay, adam through its moments", () => {
    const h = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 0, weightDecay: 0.2 };
    const still = { ...start, gradient: 0, state: { m: 0, v: 0 } };
    expect(definitions.adamw({ ...h, epsilon: 1e-8 }, 1, still)).toEqual({ parameter: 0.98, state: { m: 0, v: 0 } });
    expect(definitions.adam(h, 1, still).parameter).toBeCloseTo(0.9, 12);
  });

  it("adam with AMSGrad divides by the largest second moment, which a small gradient does not lower", () => {
    const h = { learningRate: 0.1, beta1: 0, beta2: 0.5, epsilon: 0, weightDecay: 0, amsgrad: 1 };
    const first = definitions.adam(h, 1, { ...start, gradient: 2, state: { m: 0, v: 0, w: 0 } });
    const second = definitions.adam(h, 2, { ...start, gradient: 1, state: first.state });
    expect(second.state).toEqual({ m: 1, v: 1.5, w: 2 });
    expect(second.parameter).toBeCloseTo(1 - (0.1 * 1) / Math.sqrt(2 / 0.75), 12);
  });

  it("rmsprop divides by the deviation from the mean where centered", () => {
    const h = { learningRate: 0.1, alpha: 0.5, epsilon: 0, momentum: 0, weightDecay: 0 };
    const before = { ...start, gradient: 3, state: { v: 5, mean: 1, momentum: 0 } };
    expect(definitions.rmsprop({ ...h, centered: 0 }, 1, before).parameter).toBeCloseTo(1 - 0.3 / Math.sqrt(7), 12);
    expect(definitions.rmsprop({ ...h, centered: 1 }, 1, before).parameter).toBeCloseTo(1 - 0.3 / Math.sqrt(3), 12);
  });

  it("adagrad's second step divides by the root of what it started with and both squares, at a decayed rate", () => {
    const h = { learningRate: 0.1, learningRateDecay: 1, initialAccumulator: 2, epsilon: 0, weightDecay: 0 };
    const first = definitions.adagrad(h, 1, { ...start, gradient: 1, state: { sum: 0 } });
    expect(first.parameter).toBeCloseTo(1 - 0.1 / Math.sqrt(3), 12);
    const second = definitions.adagrad(h, 2, { ...start, gradient: -1, state: first.state });
    expect(second.parameter).toBeCloseTo(1 + 0.05 / Math.sqrt(4), 12);
  });

  it("adadelta's first step is the root of epsilon over the root of the gradient's average, times the gradient", () => {
    const h = { learningRate: 1, rho: 0.75, epsilon: 0.01, weightDecay: 0 };
    const { parameter, state } = definitions.adadelta(h, 1, { ...start, gradient: 2, state: { v: 0, a: 0 } });
    const d = (0.1 / Math.sqrt(1.01)) * 2;
    expect(parameter).toBeCloseTo(1 - d, 12);
    expect(state.a).toBeCloseTo(0.25 * d ** 2, 12);
  });

  it("nadam's first step multiplies by each mu once", () => {
    const h = { learningRate: 0.1, beta1: 0.8, beta2: 0.5, epsilon: 0, weightDecay: 0, momentumDecay: 0 };
    const { parameter } = definitions.nadam(h, 1, { ...start, gradient: 2, state: { m: 0, v: 0 } });
    // mu is 0.4 at every step, m = 0.4, v / (1 - beta2) = 4
    expect(parameter).toBeCloseTo(1 - (0.1 * ((0.6 * 2) / 0.6 + (0.4 * 0.4) / (1 - 0.16))) / 2, 12);
  });

  it("radam takes the corrected first moment alone for five steps, and is rectified from the sixth on", () => {
    const h = { learningRate: 0.1, beta1: 0, beta2: 0.999, epsilon: 0, weightDecay: 0 };
    const at = (t: number) => definitions.radam(h, t, { ...start, gradient: 2, state: { m: 0, v: 4 } }).parameter;
    expect(at(5)).toBeCloseTo(1 - 0.1 * 2, 12);
    // At step 6 the length is 5.9950 of at most 1999; v stays 4
    const rectification = Math.sqrt(((1.995_003_3 * 3.995_003_3) / (1995 * 1997)) * (1999 / 5.995_003_3));
    expect(at(6)).toBeCloseTo(1 - 0.1 * 2 * ((rectification * Math.sqrt(1 - 0.999 ** 6)) / 2), 7);
  });

  it("lion's step has one length, and none where its average and the gradient cancel", () => {
    const h = { learningRate: 0.1, beta1: 0.5, beta2: 0.75, weightDecay: 0 };
    for (const gradient of [1e-6, 5]) {
      expect(definitions.lion(h, 1, { ...start, gradient, state: { m: 0 } }).parameter).toBeCloseTo(0.9, 12);
    }
    expect(definitions.lion(h, 2, { ...start, gradient: -2, state: { m: 2 } })).toEqual({
      parameter: 1,
      state: { m: 1 },
    });
  });
});

const elementwise: readonly ElementwiseOptimizer[] = (Object.values(optimizers) as readonly Optimizer[]).filter(
  isElementwise,
);
const h = { learningRate: 0.01, momentum: 0.8, dampening: 0.3, decayBiases: false, weightDecay: 0.1 };
const hyperparameters: Values = { ...h, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, learningRateDecay: 0.1 };
const switches = [{}, { nesterov: true, amsgrad: true, centered: true, initialAccumulator: 0.3, momentumDecay: 0.1 }];

describe.each(elementwise.map((optimizer) => [optimizer.kernel.name, optimizer] as const))(
  "the reference's kernel %s",
  (name, optimizer) => {
    it.each(switches)(
      "does what the definition says over 50 steps, given the engine's scalars, with %o",
      (switched) => {
        const { scalars, moments } = optimizer;
        const values: Values = { ...defaultsOf(optimizer.hyperparameters), ...hyperparameters, ...switched };
        const numbers = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Number(value)]));
        const random = createRandom(3, "data");
        const state = Object.entries(moments).map(([moment, { initial }]) => [
          moment,
          Float64Array.of((initial as (values: Values) => number)(values)),
        ]);
        const tensors: Record<string, Float64Array> = Object.fromEntries(state);
        const parameters = Float64Array.of(0.7);
        let expected = { parameter: 0.7, state: Object.fromEntries(Object.keys(moments).map((moment) => [moment, 0])) };
        for (let t = 1; t <= 50; t++) {
          const gradient = random.normal();
          expected = definitions[name](numbers, t, { ...expected, gradient, decays: true });
          const row = Object.values(scalars).map((scalar) => (scalar as (h: object, t: number) => number)(values, t));
          kernels[name]({
            bindings: {
              parameters,
              gradients: Float64Array.of(gradient),
              ...tensors,
              clock: Float64Array.of(0, 0),
              control: Float64Array.from(controlAt(t)),
              scalars: Float64Array.from(row),
            },
            constants: { P: 1, matrices: 1, R: 1 },
            activation: activations.identity,
            replica: 0,
          });
          expect(parameters[0]).toBeCloseTo(expected.parameter, 13);
        }
      },
    );
  },
);
