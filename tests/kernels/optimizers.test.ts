import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Device, Machine } from "../../src/devices/device.ts";
import { createEmit } from "../../src/engine/graph/graph.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Call } from "../../src/engine/graph/program.ts";
import { createTensor, elements, type Shape } from "../../src/engine/graph/tensor.ts";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import { type ElementwiseOptimizer, isElementwise, type Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { defaultsOf, type Values } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import { definitions } from "../reference/optimizers/index.ts";
import { deviceKinds, devices, expectNoError } from "./devices.ts";
import { expectAgreement } from "./harness.ts";
import { bareArena, controlAt, scalarsAt, updateCase } from "./optimizerCases.ts";
import { awkwardSizes } from "./sizes.ts";
import { TRAJECTORY_BOUND } from "./tolerances.ts";

const elementwise: readonly ElementwiseOptimizer[] = (Object.values(optimizers) as readonly Optimizer[]).filter(
  isElementwise,
);
const kinds = elementwise.map((optimizer) => [optimizer.kernel.name, optimizer] as const);

/** Settings that switch every branch of the definitions on and off; an optimizer ignores those that it lacks. */
const settings: readonly Values[] = [
  {},
  { weightDecay: 0.1, learningRateDecay: 0.02, rho: 0.7, alpha: 0.9 },
  { weightDecay: 0.1, decayBiases: true, momentum: 0.9, beta1: 0.8, initialAccumulator: 0.5, momentumDecay: 0.1 },
  { momentum: 0.9, dampening: 0.3, beta2: 0.9, epsilon: 1e-3 },
  { momentum: 0.8, nesterov: true, weightDecay: 0.05, beta1: 0, epsilon: 1e-6 },
  { amsgrad: true, centered: true, weightDecay: 0.1, beta2: 0.9, alpha: 0.8 },
  { amsgrad: true, centered: true, decayBiases: true, weightDecay: 0.1, momentum: 0.5, epsilon: 1e-3 },
];
const STEPS = 100;
const P = 129;
const matrices = 65;
/**
 * Small steps, so that a parameter's scale stays that of its start, 1. A power of two, because Lion's steps all have one
 * length: were its last bits lost at each step, the errors would all have one sign and add up to more than the bound.
 */
const learningRate = 2 ** -8;

const valuesOf = ({ hyperparameters }: Optimizer, values: Values): Values => {
  const known = Object.entries({ learningRate, ...values }).filter(([name]) => name in hyperparameters);
  return { ...defaultsOf(hyperparameters), ...Object.fromEntries(known) };
};

/** The settings' values, those together that one program can train: their structural values are the same. */
function programsOf(optimizer: Optimizer): readonly (readonly Values[])[] {
  const structural = Object.entries(optimizer.hyperparameters).filter(([, parameter]) => parameter.structural);
  const programs = new Map<string, Values[]>();
  for (const setting of settings) {
    const values = valuesOf(optimizer, setting);
    const key = JSON.stringify(structural.map(([name]) => values[name]));
    programs.set(key, [...(programs.get(key) ?? []), values]);
  }
  return [...programs.values()];
}

/** All settings are fed the same gradients, of which each step has its own. */
const gradientsAt = (t: number): Float32Array => {
  const random = createRandom(t, "data", 1);
  return Float32Array.from({ length: P }, () => random.normal());
};
const gradientCache = Array.from({ length: STEPS + 1 }, (_, t) => gradientsAt(t));

const start = (): Float32Array => {
  const random = createRandom(0, "data");
  return Float32Array.from({ length: P }, () => 2 * random.uniform() - 1);
};

/** The parameters after 100 steps by the definition, in float64. */
function trajectory({ kernel, moments }: ElementwiseOptimizer, values: Values): number[] {
  const state = Object.fromEntries(Object.keys(moments).map((name) => [name, 0]));
  const numbers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  return Array.from(start(), (parameter, p) => {
    let current = { parameter, state };
    const decays = p < matrices || values.decayBiases === true;
    for (let t = 1; t <= STEPS; t++) {
      current = definitions[kernel.name](numbers, t, { ...current, gradient: gradientCache[t][p], decays });
    }
    return current.parameter;
  });
}

/** A program that updates a replica for each of these values, which share their structural ones. */
function plan(optimizer: ElementwiseOptimizer, replicas: readonly Values[]) {
  const R = replicas.length;
  const table = { role: "tables", perReplica: false } as const;
  const width = Object.keys(optimizer.scalars).length;
  const tensors = {
    clock: createTensor({ ...table, name: "clock", shape: [2], type: "u32", perReplica: true }),
    control: createTensor({ ...table, name: "control", shape: [12], type: "f32", perReplica: true }),
    scalars: createTensor({ ...table, name: "scalars", shape: [1, R, width], type: "f32" }),
  };
  const parameters = bareArena("parameters", P, matrices);
  const gradients = bareArena("gradients", P, matrices);
  const states = replicas.map((values) => optimizer.layState(parameters, values));
  const state = Object.fromEntries(states[0].map(({ name, tensor }) => [name, tensor]));
  const calls: Call[] = [];
  const scratch = (name: string, shape: Shape) =>
    createTensor({ ...table, name, shape, type: "f32", perReplica: true });
  const update = { values: replicas[0], parameters, gradients, state, ...tensors, replicas: R, scratch };
  optimizer.emit(update, createEmit(calls, "update"));
  const program = { name: "update", calls };
  const memory = planMemory([program], R, new Set());
  const loaded = { replicas: R, memory, programs: { update: program }, tables: [] };
  return { loaded, ...tensors, state, states, parameters: parameters.arena, gradients: gradients.arena };
}

/** Parameters and the optimizer's state, as before the first step. */
function fill(machine: Machine, { parameters, state, states }: ReturnType<typeof plan>): void {
  for (const [replica, initials] of states.entries()) {
    machine.write(parameters, start(), { replica });
    for (const { name, tensor, initial } of initials) {
      const numbers = typeof initial === "number" ? new Float32Array(elements(tensor.shape)).fill(initial) : initial;
      machine.write(state[name], numbers, { replica });
    }
  }
}

/** The same 100 steps on a device, with scalars from the engine: a row of parameters for each of the values. */
async function trained(
  device: Device,
  optimizer: ElementwiseOptimizer,
  replicas: readonly Values[],
): Promise<readonly Float32Array[]> {
  const planned = plan(optimizer, replicas);
  const machine = await device.load(planned.loaded);
  fill(machine, planned);
  for (let t = 1; t <= STEPS; t++) {
    const rows = replicas.flatMap((values) => scalarsAt(optimizer, values, t));
    for (const replica of replicas.keys()) {
      machine.write(planned.gradients, gradientCache[t], { replica });
      machine.write(planned.control, controlAt(t), { replica });
    }
    machine.write(planned.scalars, Float32Array.from(rows));
    machine.run("update", 1);
  }
  const parameters = await Promise.all(replicas.map((_, replica) => machine.read(planned.parameters, { replica })));
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

  it.each(kinds)(
    "%s updates every parameter and state as the reference does, over awkward sizes",
    async (_, optimizer) => {
      // Without beta 1 a gradient's sign counts, whatever the average
      const [usual, forgetful, switched] = [2, 4, 6].map((index) => {
        return { optimizer, values: valuesOf(optimizer, settings[index]) };
      });
      const cases = awkwardSizes.map((size, seed) =>
        updateCase({ ...usual, P: size, matrices: Math.ceil(size * ((seed % 3) / 2)), replicas: 3, seed: 10 * seed }),
      );
      const one = { P: 65, matrices: 33, seed: 7 };
      const switches = [forgetful, switched].map((options) => updateCase({ ...options, ...one, replicas: 3 }));
      const dampened = { ...one, optimizer, values: valuesOf(optimizer, settings[3]), replicas: 3 };
      const first = [1, 2].map((updated) => updateCase({ ...dampened, updated }));
      await expectAgreement(device, [...cases, ...switches, ...first], 3);
      await expectAgreement(device, [updateCase({ ...usual, ...one, replicas: 1 })], 1);
    },
  );

  it.each(kinds)("%s changes nothing to the bit in a step that is skipped", async (_, optimizer) => {
    const values = valuesOf(optimizer, settings[6]);
    const skipped = updateCase({ optimizer, values, P: 65, matrices: 33, replicas: 3, seed: 7, factor: 0 });
    const overflowed = { shape: [65], values: () => new Float32Array(65).fill(Number.POSITIVE_INFINITY) };
    const unusual = { ...skipped, isUnusual: true, operands: { ...skipped.operands, gradients: overflowed } };
    await expectAgreement(device, [unusual], 3);
  });

  it.each(kinds)(
    "%s follows its definition for 100 steps, whatever the settings, within 1e-6",
    async (_, optimizer) => {
      for (const replicas of programsOf(optimizer)) {
        const parameters = await trained(device, optimizer, replicas);
        replicas.forEach((values, replica) => {
          const expected = trajectory(optimizer, values);
          const worst = Math.max(...expected.map((value, p) => Math.abs(parameters[replica][p] - value)));
          const scale = Math.max(...expected.map(Math.abs));
          expect(worst / scale, JSON.stringify(values)).toBeLessThan(TRAJECTORY_BOUND);
        });
      }
    },
  );
});
