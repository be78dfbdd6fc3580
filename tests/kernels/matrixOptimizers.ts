import type { Device, Machine } from "../../src/devices/device.ts";
import { CONTROL_SIZE } from "../../src/engine/control.ts";
import { createEmit } from "../../src/engine/graph/graph.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Call } from "../../src/engine/graph/program.ts";
import { createTensor, elements, type Shape } from "../../src/engine/graph/tensor.ts";
import type { Optimizer } from "../../src/engine/optimizers/optimizer.ts";
import { layArena, type ParameterSpec } from "../../src/engine/parameters.ts";
import { defaultsOf, type Values } from "../../src/lib/hyperparameters.ts";
import { createRandom } from "../../src/lib/random.ts";
import type { Matrix } from "../reference/optimizers/matrix.ts";
import { controlAt, scalarsAt } from "./optimizerCases.ts";

/** A number for every parameter, by the parameter's name; a bias is a matrix of one row. */
export type Named = Readonly<Record<string, Matrix>>;

const specsOf = (named: Named): readonly ParameterSpec[] =>
  Object.entries(named).map(([name, { length, 0: first }]) => ({
    ...{ name, fanIn: first.length, fanOut: length },
    shape: name.endsWith("bias") ? [first.length] : [length, first.length],
  }));

/** Normal numbers, as float32. */
export function normalMatrix(seed: number, rows: number, columns: number): Matrix {
  const random = createRandom(seed, "data");
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.fround(random.normal())));
}

export interface UpdatedOptions {
  readonly optimizer: Optimizer;
  /** A replica for each; what they leave out has its default. Their structural values are the same. */
  readonly replicas: readonly Values[];
  readonly start: Named;
  /** The gradients of steps 1, 2, ... */
  readonly gradients: readonly Named[];
  /** What the gradients are multiplied with in each step; 1 if left out, 0 skips it. */
  readonly factors?: readonly number[];
}

/** A program that is nothing but the optimizer's update. */
function updateProgram({ optimizer, replicas, start }: UpdatedOptions) {
  const specs = specsOf(start);
  const values = replicas.map((some) => ({ ...defaultsOf(optimizer.hyperparameters), ...some }));
  const parameters = layArena(specs, "parameters", "parameters");
  const gradients = layArena(specs, "gradients", "gradients");
  const states = values.map((one) => optimizer.layState(parameters, one));
  const state = Object.fromEntries(states[0].map(({ name, tensor }) => [name, tensor]));
  const table = { role: "tables", type: "f32", perReplica: true } as const;
  const R = replicas.length;
  const tables = {
    clock: createTensor({ ...table, name: "clock", shape: [2], type: "u32" }),
    control: createTensor({ ...table, name: "control", shape: [CONTROL_SIZE] }),
    scalars: createTensor({
      ...{ ...table, name: "scalars", perReplica: false },
      shape: [1, R, Object.keys(optimizer.scalars).length],
    }),
  };
  const calls: Call[] = [];
  const scratch = (name: string, shape: Shape) =>
    createTensor({ name, shape, type: "f32", role: "activations", perReplica: true });
  const update = { values: values[0], parameters, gradients, state, ...tables, replicas: R, scratch };
  optimizer.emit(update, createEmit(calls, "update"));
  const program = { name: "update", calls };
  const roots = new Set([parameters.arena, gradients.arena, ...Object.values(state), ...Object.values(tables)]);
  const plan = { replicas: R, memory: planMemory([program], R, roots), programs: { update: program }, tables: [] };
  return { plan, values, states, state, parameters, gradients, ...tables };
}

type UpdateProgram = ReturnType<typeof updateProgram>;

/** The arena's numbers. */
function laidOut({ arena, slices }: UpdateProgram["parameters"], named: Named): Float32Array {
  const numbers = new Float32Array(elements(arena.shape));
  for (const [name, { slice }] of slices) numbers.set(named[name].flat(), slice?.offset);
  return numbers;
}

function fill(machine: Machine, planned: UpdateProgram, start: Named): void {
  for (const [replica, initials] of planned.states.entries()) {
    machine.write(planned.parameters.arena, laidOut(planned.parameters, start), { replica });
    for (const { name, tensor, initial } of initials) {
      const numbers = typeof initial === "number" ? new Float32Array(elements(tensor.shape)).fill(initial) : initial;
      machine.write(planned.state[name], numbers, { replica });
    }
  }
}

async function readNamed(machine: Machine, { arena, slices }: UpdateProgram["parameters"], replica: number) {
  const numbers = await machine.read(arena, { replica });
  const matrices = [...slices].map(([name, { shape, slice }]) => {
    const columns = shape.at(-1) ?? 1;
    const offset = slice?.offset ?? 0;
    const rows = Array.from({ length: elements(shape) / columns }, (_, row) => [
      ...numbers.subarray(offset + row * columns, offset + (row + 1) * columns),
    ]);
    return [name, rows] as const;
  });
  return Object.fromEntries(matrices);
}

/** The parameters after the update with each step's gradients, of each replica, with scalars from the engine. */
export async function updated(device: Device, options: UpdatedOptions): Promise<readonly Named[]> {
  const { optimizer, start, gradients, factors = [] } = options;
  const planned = updateProgram(options);
  const machine: Machine = await device.load(planned.plan);
  fill(machine, planned, start);
  let updates = 0;
  for (const [index, gradient] of gradients.entries()) {
    const rows = planned.values.flatMap((values) => scalarsAt(optimizer, values, index + 1));
    const factor = factors[index] ?? 1;
    if (factor !== 0) updates += 1;
    const control = controlAt(updates, { factor });
    for (const replica of planned.values.keys()) {
      machine.write(planned.gradients.arena, laidOut(planned.gradients, gradient), { replica });
      machine.write(planned.control, control, { replica });
    }
    machine.write(planned.scalars, Float32Array.from(rows));
    machine.run("update", 1);
  }
  const parameters = await Promise.all(
    planned.values.map((_, replica) => readNamed(machine, planned.parameters, replica)),
  );
  machine.dispose();
  return parameters;
}

/** The largest difference of a matrix from what is expected, relative to the largest number expected. */
export function relativeError(got: Matrix, expected: Matrix): number {
  const worst = Math.max(...expected.flatMap((row, i) => row.map((x, j) => Math.abs(got[i][j] - x))));
  return worst / Math.max(...expected.flat().map(Math.abs));
}
