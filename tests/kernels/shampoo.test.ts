import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { shampoo } from "../../src/engine/optimizers/index.ts";
import type { Values } from "../../src/lib/hyperparameters.ts";
import { createReferenceDevice } from "../reference/device.ts";
import type { Matrix } from "../reference/optimizers/matrix.ts";
import { definition, type ShampooState } from "../reference/optimizers/shampoo.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement } from "./harness.ts";
import { rootCases, shampooCases } from "./matrixOptimizerCases.ts";
import { type Named, normalMatrix, relativeError, updated } from "./matrixOptimizers.ts";
import { TRAJECTORY_BOUND } from "./tolerances.ts";

const STEPS = 100;
/** Tall, wide and with one row; their statistics are singular but for epsilon until enough steps are added. */
const shapes = { "0.weight": [13, 2], "1.weight": [5, 13], "2.weight": [1, 5], "0.bias": [1, 13] } as const;

const numbers = (seed: number): Named =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, [rows, columns]], index) => [
      name,
      normalMatrix(10 * seed + index, rows, columns),
    ]),
  );
const start = numbers(0);
const gradients = Array.from({ length: STEPS }, (_, index) => numbers(index + 1));

const scaledIdentity = (size: number, value: number): Matrix =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? value : 0)));

interface Settings {
  readonly learningRate: number;
  readonly epsilon: number;
  readonly updateInterval: number;
  readonly grafting: string;
}

/** A matrix after 100 steps by the definition, in float64. */
function trajectory(name: string, { learningRate, epsilon, updateInterval, grafting }: Settings): Matrix {
  const parameters = start[name];
  const [rows, columns] = [parameters.length, parameters[0].length];
  let state: ShampooState = {
    parameters,
    left: scaledIdentity(rows, epsilon),
    right: scaledIdentity(columns, epsilon),
    leftRoot: scaledIdentity(rows, epsilon ** -0.25),
    rightRoot: scaledIdentity(columns, epsilon ** -0.25),
  };
  const h = { learningRate, updateInterval, grafting: grafting === "sgd" ? 1 : 0 };
  gradients.forEach((gradient, index) => {
    state = definition(h, index + 1, { ...state, gradient: gradient[name] });
  });
  return state.parameters;
}

/** A vector after 100 steps: h += g², p -= learningRate g / √h. */
function vectorTrajectory(name: string, { learningRate, epsilon }: Settings): Matrix {
  return start[name].map((row, i) =>
    row.map((parameter, j) => {
      let h = epsilon;
      return gradients.reduce((p, gradient) => {
        const g = gradient[name][i][j];
        h += g ** 2;
        return p - (learningRate * g) / Math.sqrt(h);
      }, parameter);
    }),
  );
}

const usual = { learningRate: 0.01, updateInterval: 1, grafting: "none" };
/** Parameters move so far that an error of 1e-6 in a step would show. */
const far = { ...usual, learningRate: 1 };
const grafted = { ...usual, learningRate: 0.003, grafting: "sgd" };
/** With roots as old as seven steps, gradients meet directions that the roots have not seen, and are stretched most. */
const old = { ...usual, updateInterval: 7 };

const groups: readonly { readonly epsilon: number; readonly replicas: readonly Omit<Settings, "epsilon">[] }[] = [
  { epsilon: 1e-2, replicas: [far, grafted, old] },
  { epsilon: 1e-4, replicas: [far, grafted, old] },
  { epsilon: 1e-6, replicas: [far, grafted, old] },
  { epsilon: 1e-8, replicas: [usual, grafted] },
];

const known = new Map<string, Matrix>();

/** What a parameter is after 100 steps, computed once for all devices. */
function expectedOf(name: string, settings: Settings): Matrix {
  const key = JSON.stringify([name, settings]);
  const expected = known.get(key) ?? (name.endsWith("weight") ? trajectory : vectorTrajectory)(name, settings);
  known.set(key, expected);
  return expected;
}

/** Milliseconds: a software driver takes a while to compile the many products where its cache is cold. */
const COMPILING = 240_000;

describe("shampoo's definition", () => {
  it("is Adagrad for a matrix of one number", () => {
    const one = scaledIdentity(1, 0.5);
    const before = { parameters: [[2]], left: one, right: one, leftRoot: one, rightRoot: one, gradient: [[3]] };
    const { parameters } = definition({ learningRate: 0.1, updateInterval: 1, grafting: 0 }, 1, before);
    expect(parameters[0][0]).toBeCloseTo(2 - (0.1 * 3) / Math.sqrt(9.5), 14);
  });

  it("takes the fourth root of what a diagonal gradient adds up to, from each side", () => {
    const two = scaledIdentity(2, 1);
    const before = { parameters: scaledIdentity(2, 0), left: two, right: two, leftRoot: two, rightRoot: two };
    const gradient = [
      [0, 3],
      [1, 0],
    ];
    const h = { learningRate: 1, updateInterval: 1, grafting: 0 };
    const { parameters } = definition(h, 1, { ...before, gradient });
    expect(parameters[0][1]).toBeCloseTo(-3 / Math.sqrt(10), 14);
    expect(parameters[1][0]).toBeCloseTo(-1 / Math.sqrt(2), 14);
  });
});

describe.each(deviceKinds)("shampoo's kernels on %s", (kind) => {
  it("agree with float64 for tall, wide and square matrices, for one number, and at every stage of a root", async () => {
    const device = await devices[kind]();
    const shapesOfCases = [
      [1, 1],
      [7, 3],
      [5, 33],
      [65, 65],
    ] as const;
    const ofMatrices = shapesOfCases.flatMap(([rows, columns], seed) => shampooCases(rows, columns, 10 * seed));
    const ofRoots = [1, 7, 65].flatMap((n) => rootCases(n, n));
    await expectAgreement(device, [...ofMatrices, ...ofRoots], 3);
    await expectNoError(device);
    device.destroy();
  });
});

const machines = { ...devices, reference: async (): Promise<Device> => createReferenceDevice() };

describe.each(Object.keys(machines) as (keyof typeof machines)[])("shampoo on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await machines[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  const run = (some: readonly Values[], steps: readonly Named[], factors?: readonly number[]) =>
    updated(device, { optimizer: shampoo, replicas: some, start, gradients: steps, ...(factors && { factors }) });

  it.each(groups)(
    "follows its eigendecompositions for 100 steps within 1e-6 from epsilon $epsilon",
    async ({ epsilon, replicas }) => {
      const settings = replicas.map((one) => ({ ...one, epsilon }));
      const got = await run(settings, gradients);
      const errors = settings.flatMap((one, replica) =>
        Object.keys(shapes).map((name) => ({
          name,
          replica,
          error: relativeError(got[replica][name], expectedOf(name, one)),
        })),
      );
      expect(errors.filter(({ error }) => !(error < TRAJECTORY_BOUND))).toEqual([]);
    },
    COMPILING,
  );

  it("ends where it would without a step that is skipped, to the bit, even if that had infinite gradients", async () => {
    const infinite = Object.fromEntries(
      Object.entries(start).map(([name, matrix]) => [
        name,
        matrix.map((row) => row.map(() => Number.POSITIVE_INFINITY)),
      ]),
    );
    const [first, second] = [gradients[0], gradients[1]];
    const skipping = await run([{}], [first, infinite, second], [1, 0, 1]);
    expect(skipping).toEqual(await run([{}], [first, second]));
  });

  it("computes the roots at the first update, to the bit, though the steps at which they were due are skipped", async () => {
    const values = { learningRate: 1, epsilon: 1e-4, updateInterval: 100 };
    const [first, second] = [gradients[0], gradients[1]];
    const skipping = await run([values], [second, second, first, second], [0, 0, 1, 1]);
    expect(skipping).toEqual(await run([values], [first, second]));
  });
});
