import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../src/devices/device.ts";
import { createEmit } from "../../src/engine/graph/graph.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Call } from "../../src/engine/graph/program.ts";
import { createTensor, elements, type Shape, type Tensor } from "../../src/engine/graph/tensor.ts";
import * as optimizers from "../../src/engine/optimizers/index.ts";
import type { Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { layArena, type ParameterSpec } from "../../src/engine/parameters.ts";
import { defaultsOf, type Values } from "../../src/lib/hyperparameters.ts";
import { memberOf } from "../../src/lib/registry.ts";
import { deviceKinds, devices } from "../kernels/devices.ts";
import { controlAt, scalarsAt } from "../kernels/optimizerCases.ts";
import { TRAJECTORY_BOUND } from "../kernels/tolerances.ts";
import goldens from "./goldens/goldens.json" with { type: "json" };

const weights: Readonly<Record<string, readonly number[]>> = goldens.problem.weights;

const specs = goldens.widths.slice(1).flatMap((fanOut, index): ParameterSpec[] => {
  const fanIn = goldens.widths[index] ?? 0;
  return [
    { name: `layers.${index}.weight`, shape: [fanOut, fanIn], fanIn, fanOut },
    { name: `layers.${index}.bias`, shape: [fanOut], fanIn, fanOut },
  ];
});

/** The update alone, as a program, with the tensors that a host writes. */
function compile(optimizer: Optimizer, values: Values) {
  const root = (name: string, shape: Shape, type: Tensor["type"] = "f32"): Tensor =>
    createTensor({ name, shape, type, role: "tables", perReplica: name !== "scalars" });
  const parameters = layArena(specs, "parameters", "parameters");
  const gradients = layArena(specs, "gradients", "gradients", "Grad");
  const state = optimizer.layState(parameters, values);
  const tables = {
    clock: root("clock", [2], "u32"),
    control: root("control", [12]),
    scalars: root("scalars", [1, 1, Object.keys(optimizer.scalars).length]),
  };
  const calls: Call[] = [];
  const scratch = (name: string, shape: Shape) =>
    createTensor({ name, shape, type: "f32", role: "activations", perReplica: true });
  const tensors = Object.fromEntries(state.map(({ name, tensor }) => [name, tensor]));
  optimizer.emit(
    { parameters, gradients, state: tensors, ...tables, replicas: 1, scratch, values },
    createEmit(calls, "update"),
  );
  const program = { name: "update", calls };
  const memory = planMemory([program], 1, new Set(Object.values(tables)));
  return {
    plan: { replicas: 1, memory, programs: { update: program }, tables: [] },
    parameters,
    gradients,
    state,
    tables,
  };
}

/** The parameters after all given gradients, by name. */
async function updated(device: Device, { kind, ...given }: { kind: string; [name: string]: unknown }) {
  const optimizer: Optimizer = memberOf(optimizers, kind);
  const values = { ...defaultsOf(optimizer.hyperparameters), ...given } as Values;
  const { plan, parameters, gradients, state, tables } = compile(optimizer, values);
  const machine = await device.load(plan);
  for (const [name, tensor] of parameters.slices) machine.write(tensor, Float32Array.from(weights[name] ?? []));
  for (const { tensor, initial } of state) {
    machine.write(
      tensor,
      typeof initial === "number" ? new Float32Array(elements(tensor.shape)).fill(initial) : initial,
    );
  }
  goldens.gradients.forEach((step: Readonly<Record<string, readonly number[]>>, index) => {
    for (const [name, tensor] of gradients.slices) machine.write(tensor, Float32Array.from(step[name] ?? []));
    machine.write(tables.control, controlAt(index + 1));
    machine.write(tables.scalars, Float32Array.from(scalarsAt(optimizer, values, index + 1)));
    machine.run("update", 1);
  });
  const read = [...parameters.slices].map(async ([name, tensor]) => [name, await machine.read(tensor)] as const);
  const found = new Map(await Promise.all(read));
  machine.dispose();
  return found;
}

describe.each(deviceKinds)(
  "100 updates on %s, fed the gradients that PyTorch was fed, end within 1e-6 of it",
  (kind) => {
    let device: Device;
    beforeAll(async () => {
      device = await devices[kind]();
    });
    afterAll(() => device.destroy());

    it.each(Object.entries(goldens.optimizers))("%s", async (_, golden) => {
      const found = await updated(device, golden.optimizer);
      const expected = Object.entries<readonly number[]>(golden.parameters);
      const scale = Math.max(...expected.flatMap(([, values]) => values.map(Math.abs)));
      for (const [name, values] of expected) {
        const worst = Math.max(...values.map((value, p) => Math.abs((found.get(name)?.[p] ?? Number.NaN) - value)));
        expect(worst / scale, name).toBeLessThan(TRAJECTORY_BOUND);
      }
    });
  },
);
