import { describe, expect, it } from "vitest";
import * as engineOptimizers from "../../src/engine/optimizers/index.ts";
import { createRandom } from "../../src/lib/random.ts";
import * as activations from "./activations/index.ts";
import * as kernels from "./index.ts";
import * as definitions from "./optimizers/index.ts";

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
});

describe.each(Object.keys(engineOptimizers) as (keyof typeof engineOptimizers)[])(
  "the reference's kernel %s",
  (name) => {
    it("does what the definition says over 50 steps, given the engine's scalars in float64", () => {
      const { scalars, state } = engineOptimizers[name];
      const h = { learningRate: 0.01, momentum: 0.8, dampening: 0.3, nesterov: 0, decayBiases: 0, weightDecay: 0.1 };
      const values = { ...h, beta1: 0.9, beta2: 0.99, epsilon: 1e-3 };
      const random = createRandom(3, "data");
      const moments = Object.fromEntries(state.map((moment) => [moment, new Float64Array(1)]));
      const parameters = Float64Array.of(0.7);
      let expected = { parameter: 0.7, state: Object.fromEntries(state.map((moment) => [moment, 0])) };
      for (let t = 1; t <= 50; t++) {
        const gradient = random.normal();
        expected = definitions[name](values, t, { ...expected, gradient, decays: true });
        const row = Object.values(scalars).map((scalar) => (scalar as (h: object, t: number) => number)(values, t));
        kernels[name]({
          bindings: {
            parameters,
            gradients: Float64Array.of(gradient),
            ...moments,
            clock: Float64Array.of(0, 0),
            scalars: Float64Array.from(row),
          },
          constants: { P: 1, matrices: 1, R: 1 },
          activation: activations.identity,
          replica: 0,
        });
        expect(parameters[0]).toBeCloseTo(expected.parameter, 13);
        for (const moment of state) expect(moments[moment][0]).toBeCloseTo(expected.state[moment], 13);
      }
    });
  },
);
