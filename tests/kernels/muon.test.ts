import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { muon } from "../../src/engine/optimizers/index.ts";
import { createReferenceDevice } from "../reference/device.ts";
import { definition as adamw } from "../reference/optimizers/adamw.ts";
import type { Matrix } from "../reference/optimizers/matrix.ts";
import { definition, type MuonState } from "../reference/optimizers/muon.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement } from "./harness.ts";
import { muonCases } from "./matrixOptimizerCases.ts";
import { type Named, normalMatrix, relativeError, updated } from "./matrixOptimizers.ts";
import { TRAJECTORY_BOUND } from "./tolerances.ts";

const STEPS = 100;
/** The hidden matrices are tall, wide and square. */
const shapes = {
  ...{ "0.weight": [7, 2], "0.bias": [1, 7], "1.weight": [19, 7], "1.bias": [1, 19], "2.weight": [9, 19] },
  ...{ "3.weight": [9, 9], "3.bias": [1, 9], "4.weight": [3, 9], "4.bias": [1, 3] },
} as const;
const hidden = ["1.weight", "2.weight", "3.weight"];
const weights = Object.keys(shapes).filter((name) => name.endsWith("weight"));

const numbers = (seed: number): Named =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, [rows, columns]], index) => [
      name,
      normalMatrix(10 * seed + index, rows, columns),
    ]),
  );
const start = numbers(0);
const gradients = Array.from({ length: STEPS }, (_, index) => numbers(index + 1));

const usual = {
  ...{ learningRate: 0.01, momentum: 0.95, nesterov: true, weightDecay: 0, epsilon: 1e-7, newtonSchulzSteps: 5 },
  ...{
    adamwLearningRate: 0.003,
    beta1: 0.9,
    beta2: 0.99,
    adamwEpsilon: 1e-8,
    adamwWeightDecay: 0.1,
    decayBiases: false,
  },
};
type Settings = typeof usual;

/** A matrix after 100 orthogonal steps by the definition, in float64. */
function orthogonalTrajectory(name: string, settings: Settings): Matrix {
  const h = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, Number(value)]));
  const momentum = start[name].map((row) => row.map(() => 0));
  let state: MuonState = { parameters: start[name], momentum };
  for (const gradient of gradients) state = definition(h, gradient[name], state);
  return state.parameters;
}

/** A matrix or a vector after 100 steps of AdamW by its definition. */
function adamwTrajectory(name: string, settings: Settings): Matrix {
  const { adamwLearningRate, beta1, beta2, adamwEpsilon, adamwWeightDecay, decayBiases } = settings;
  const h = {
    ...{ learningRate: adamwLearningRate, beta1, beta2 },
    ...{ epsilon: adamwEpsilon, weightDecay: adamwWeightDecay },
  };
  const decays = weights.includes(name) || decayBiases;
  return start[name].map((row, i) =>
    row.map((parameter, j) => {
      let current = { parameter, state: { m: 0, v: 0 } as Readonly<Record<string, number>> };
      gradients.forEach((gradient, index) => {
        current = adamw(h, index + 1, { ...current, gradient: gradient[name][i][j], decays });
      });
      return current.parameter;
    }),
  );
}

const replicas: readonly Settings[] = [
  usual,
  { ...usual, nesterov: false, weightDecay: 0.2, decayBiases: true },
  { ...usual, momentum: 0, learningRate: 0.003, epsilon: 1e-2 },
];

/** Milliseconds: a software driver takes a while to compile the many products where its cache is cold. */
const COMPILING = 240_000;

describe("muon's definition", () => {
  it("turns a diagonal momentum into a step of both signs, each of its numbers by the quintic", () => {
    const gradient = [
      [0, 4],
      [-3, 0],
    ];
    const zero = gradient.map((row) => row.map(() => 0));
    const h = { learningRate: 1, momentum: 0, nesterov: 0, weightDecay: 0, newtonSchulzSteps: 1, epsilon: 0 };
    const { parameters } = definition(h, gradient, { parameters: zero, momentum: zero });
    const quintic = (x: number) => 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
    expect(parameters[0][1]).toBeCloseTo(-quintic(0.8), 14);
    expect(parameters[1][0]).toBeCloseTo(quintic(0.6), 14);
  });

  it("makes the step of a tall matrix longer, by the root of its rows over its columns", () => {
    const h = { learningRate: 1, momentum: 0, nesterov: 0, weightDecay: 0, newtonSchulzSteps: 0, epsilon: 0 };
    const zero = [[0], [0], [0], [0]];
    const { parameters } = definition(h, [[0], [0], [5], [0]], { parameters: zero, momentum: zero });
    expect(parameters[2][0]).toBeCloseTo(-2, 14);
  });
});

describe.each(deviceKinds)("muon's kernels on %s", (kind) => {
  it("agree with float64 for tall, wide and square matrices, and for one number", async () => {
    const device = await devices[kind]();
    const shapesOfCases = [
      [1, 1],
      [7, 3],
      [5, 33],
      [65, 65],
    ] as const;
    const cases = shapesOfCases.flatMap(([rows, columns], seed) => muonCases(rows, columns, 10 * seed));
    await expectAgreement(device, cases, 3);
    await expectNoError(device);
    device.destroy();
  });
});

const machines = { ...devices, reference: async (): Promise<Device> => createReferenceDevice() };

describe.each(Object.keys(machines) as (keyof typeof machines)[])("muon on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await machines[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it.each([
    { matrices: "hidden", orthogonal: hidden, steps: 5 },
    { matrices: "all", orthogonal: weights, steps: 2 },
  ])(
    "follows its definition for 100 steps within 1e-6, orthogonal for $matrices matrices in $steps iterations",
    async ({ matrices, orthogonal, steps }) => {
      const settings = replicas.map((one) => ({ ...one, newtonSchulzSteps: steps }));
      const values = settings.map((one) => ({ ...one, matrices }));
      const got = await updated(device, { optimizer: muon, replicas: values, start, gradients });
      const errors = settings.flatMap((one, replica) =>
        Object.keys(shapes).map((name) => {
          const expected = orthogonal.includes(name) ? orthogonalTrajectory : adamwTrajectory;
          return { name, replica, error: relativeError(got[replica][name], expected(name, one)) };
        }),
      );
      expect(errors.filter(({ error }) => !(error < TRAJECTORY_BOUND))).toEqual([]);
    },
    COMPILING,
  );

  it("takes AdamW for all parameters of a model without hidden matrices", async () => {
    const names = ["0.weight", "0.bias", "4.weight", "4.bias"];
    const some = (named: Named): Named => Object.fromEntries(names.map((name) => [name, named[name]]));
    const one = { optimizer: muon, replicas: [usual], start: some(start), gradients: gradients.map(some) };
    const [got] = await updated(device, one);
    for (const name of names) {
      expect(relativeError(got[name], adamwTrajectory(name, usual))).toBeLessThan(TRAJECTORY_BOUND);
    }
  });

  it("ends where it would without a step that is skipped, to the bit, even if that had infinite gradients", async () => {
    const infinite = Object.fromEntries(
      Object.entries(start).map(([name, matrix]) => [
        name,
        matrix.map((row) => row.map(() => Number.POSITIVE_INFINITY)),
      ]),
    );
    // Without moments in AdamW the number of the step does not matter
    const one = { optimizer: muon, replicas: [{ beta1: 0, beta2: 0 }], start };
    const [first, second] = [gradients[0], gradients[1]];
    const skipping = await updated(device, { ...one, gradients: [first, infinite, second], factors: [1, 0, 1] });
    expect(skipping).toEqual(await updated(device, { ...one, gradients: [first, second] }));
  });
});
