import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import { createTensor, type Tensor } from "../../src/engine/graph/tensor.ts";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import type { Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { defaultsOf, type Values } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import * as definitions from "../reference/optimizers/index.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement } from "./harness.ts";
import { scalarsAt, updateCase } from "./optimizerCases.ts";
import { awkwardSizes } from "./sizes.ts";
import { TRAJECTORY_BOUND } from "./tolerances.ts";

type OptimizerKind = keyof typeof optimizers;
const kinds = Object.keys(optimizers) as readonly OptimizerKind[];

/** Settings that switch every branch of the definitions on and off; an optimizer ignores those that it lacks. */
const settings: readonly Values[] = [
  {},
  { weightDecay: 0.1 },
  { weightDecay: 0.1, decayBiases: true, momentum: 0.9, beta1: 0.8 },
  { momentum: 0.9, dampening: 0.3, beta2: 0.9, epsilon: 1e-3 },
  { momentum: 0.8, nesterov: true, weightDecay: 0.05, beta1: 0, epsilon: 1e-6 },
];
const STEPS = 100;
const P = 129;
const matrices = 65;
/** Small steps, so that a parameter's scale stays that of its start, 1. */
const learningRate = 0.003;

const valuesOf = (kind: OptimizerKind, values: Values): Values => {
  const { hyperparameters } = optimizers[kind] as Optimizer;
  const known = Object.entries({ learningRate, ...values }).filter(([name]) => name in hyperparameters);
  return { ...defaultsOf(hyperparameters), ...Object.fromEntries(known) };
};

/** Every setting is a replica; all are fed the same gradients, of which each step has its own. */
const gradientsAt = (t: number): Float32Array => {
  const random = createRandom(t, "data", 1);
  return Float32Array.from({ length: P }, () => random.normal());
};
const start = (): Float32Array => {
  const random = createRandom(0, "data");
  return Float32Array.from({ length: P }, () => 2 * random.uniform() - 1);
};

/** The parameters after 100 steps by the definition, in float64. */
function trajectory(kind: OptimizerKind, values: Values): number[] {
  const state = Object.fromEntries(optimizers[kind].state.map((name) => [name, 0]));
  const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  return Array.from(start(), (parameter, p) => {
    let current = { parameter, state };
    const decays = p < matrices || values.decayBiases === true;
    for (let t = 1; t <= STEPS; t++) {
      current = definitions[kind](numbers, t, { ...current, gradient: gradientCache[t][p], decays });
    }
    return current.parameter;
  });
}

const gradientCache = Array.from({ length: STEPS + 1 }, (_, t) => gradientsAt(t));

function plan(kind: OptimizerKind) {
  const optimizer = optimizers[kind] as Optimizer;
  const R = settings.length;
  const arena = (name: string): Tensor =>
    createTensor({ name, shape: [P], type: "f32", role: "parameters", perReplica: true });
  const state = Object.fromEntries(optimizer.state.map((name) => [name, arena(name)]));
  const scalarCount = Object.keys(optimizer.scalars).length;
  const bindings = {
    parameters: arena("parameters"),
    gradients: createTensor({ ...arena("gradients"), perReplica: false }),
    ...state,
    clock: createTensor({ name: "clock", shape: [2], type: "u32", role: "tables", perReplica: true }),
    scalars: createTensor({
      name: "scalars",
      shape: [1, R, scalarCount],
      type: "f32",
      role: "tables",
      perReplica: false,
    }),
  };
  const program = {
    name: "update",
    calls: [{ kernel: optimizer.kernel, move: "update", bindings, constants: { P, matrices, R } } as const],
  };
  const memory = planMemory([program], R, new Set(Object.values(bindings)));
  return { plan: { replicas: R, memory, programs: { update: program }, tables: [] }, bindings };
}

/** The same 100 steps on a device, with scalars from the engine: a row of parameters for each setting. */
async function trained(device: Device, kind: OptimizerKind): Promise<readonly Float32Array[]> {
  const { plan: loaded, bindings } = plan(kind);
  const machine = await device.load(loaded);
  for (const replica of settings.keys()) machine.write(bindings.parameters, start(), { replica });
  for (let t = 1; t <= STEPS; t++) {
    const rows = settings.flatMap((values) => scalarsAt(optimizers[kind], valuesOf(kind, values), t));
    machine.write(bindings.gradients, gradientCache[t]);
    machine.write(bindings.scalars, Float32Array.from(rows));
    machine.run("update", 1);
  }
  const parameters = await Promise.all(settings.map((_, replica) => machine.read(bindings.parameters, { replica })));
  machine.dispose();
  return parameters;
}

describe.each(deviceKinds)("optimizers on %s", (kind) => {
  let device: Device;
  beforeAll(async () => {
    device = await devices[kind]();
  });
  afterEach(() => expectNoError(device));
  afterAll(() => device.destroy());

  it.each(kinds)("%s updates every parameter and state as the reference does, over awkward sizes", async (name) => {
    const options = { optimizer: optimizers[name] as Optimizer, values: valuesOf(name, settings[2]) };
    const cases = awkwardSizes.map((size, seed) =>
      updateCase({ ...options, P: size, matrices: Math.ceil(size * ((seed % 3) / 2)), replicas: 3, seed: 10 * seed }),
    );
    await expectAgreement(device, cases, 3);
    await expectAgreement(device, [updateCase({ ...options, P: 65, matrices: 33, replicas: 1, seed: 7 })], 1);
  });

  it.each(kinds)("%s follows its definition for 100 steps, whatever the settings, within 1e-6", async (name) => {
    const parameters = await trained(device, name);
    settings.forEach((values, replica) => {
      const expected = trajectory(name, valuesOf(name, values));
      const worst = Math.max(...expected.map((value, p) => Math.abs(parameters[replica][p] - value)));
      const scale = Math.max(...expected.map(Math.abs));
      expect(worst / scale, JSON.stringify(values)).toBeLessThan(TRAJECTORY_BOUND);
    });
  });
});
