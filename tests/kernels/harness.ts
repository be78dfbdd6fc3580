import { expect } from "vitest";
import type { Device, Machine } from "../../src/devices/device.ts";
import type { Kernel } from "../../src/engine/graph/kernel.ts";
import { planMemory } from "../../src/engine/graph/memory.ts";
import type { Call, Plan } from "../../src/engine/graph/program.ts";
import {
  ALIGNMENT,
  createTensor,
  type ElementType,
  elements,
  type Shape,
  sliceOf,
  type Tensor,
} from "../../src/engine/graph/tensor.ts";
import { createReferenceDevice, type ReferenceMachine } from "../reference/device.ts";
import type { Bindings } from "../reference/kernel.ts";
import { type Errors, noteErrors } from "./accuracy.ts";

/** What a tensor holds before the call: numbers by replica, or nothing that a kernel may use. */
export interface Operand {
  readonly shape: Shape;
  readonly type?: ElementType;
  /** One copy for all replicas, as data and tables have. */
  readonly isShared?: boolean;
  /** Left out, the tensor is poisoned. */
  readonly values?: (replica: number) => ArrayLike<number>;
}

/** One replica's memory before and after the reference ran. */
export interface Replica {
  readonly before: Bindings;
  readonly after: Bindings;
  readonly replica: number;
}

/** One call of a kernel, and how far each number that it writes may be from the reference. */
export interface KernelCase {
  readonly title: string;
  readonly kernel: Kernel;
  readonly constants: Readonly<Record<string, number>>;
  readonly activation?: string;
  readonly operands: Readonly<Record<string, Operand>>;
  /** Whether it is about NaN, infinities or overflow: it then says nothing about accuracy. */
  readonly isUnusual?: boolean;
  /** Bounds by binding and element; a binding that is left out must be equal. */
  readonly bounds?: (replica: Replica) => Readonly<Record<string, ArrayLike<number>>>;
}

/** Elements around every tensor that must stay as they are; reading one gives NaN. */
const GUARD = ALIGNMENT;
const POISON_WORD = 0xdeadbeef;

interface Placed {
  readonly tensor: Tensor;
  readonly root: Tensor;
  readonly operand: Operand;
  readonly binding: string;
}

interface PlacedCase {
  readonly test: KernelCase;
  readonly call: Call;
  readonly placed: readonly Placed[];
}

function place(test: KernelCase, index: number): PlacedCase {
  const placed = Object.entries(test.operands).map(([binding, operand]): Placed => {
    const { shape, type = "f32", isShared = false } = operand;
    const root = createTensor({
      name: `${index}.${binding}`,
      shape: [GUARD + elements(shape) + GUARD],
      type,
      role: "data",
      perReplica: !isShared,
    });
    return { tensor: sliceOf(root, `${index}.${binding} slice`, shape, GUARD), root, operand, binding };
  });
  const bindings = Object.fromEntries(placed.map(({ binding, tensor }) => [binding, tensor]));
  const { kernel, constants, activation } = test;
  const call: Call = {
    kernel,
    move: "forward",
    bindings,
    constants,
    ...(activation === undefined ? {} : { activation }),
  };
  return { test, call, placed };
}

/** A root's contents: the operand's values, or poison, between guards. */
function contents({ operand, root, tensor }: Placed, replica: number): Float32Array | Uint32Array {
  const isWords = operand.type === "u32";
  const all = isWords ? new Uint32Array(elements(root.shape)) : new Float32Array(elements(root.shape));
  all.fill(isWords ? POISON_WORD : Number.NaN);
  const values = operand.values?.(replica);
  if (values !== undefined) {
    expect(values.length, tensor.name).toBe(elements(tensor.shape));
    all.set(values, GUARD);
  }
  return all;
}

const copiesOf = ({ operand }: Placed, replicas: number): number => (operand.isShared ? 1 : replicas);

function eachCopy(
  cases: readonly PlacedCase[],
  replicas: number,
  visit: (placed: Placed, replica: number) => void,
): void {
  for (const { placed } of cases) {
    for (const operand of placed) {
      for (let replica = 0; replica < copiesOf(operand, replicas); replica++) visit(operand, replica);
    }
  }
}

function fill(machine: Machine, cases: readonly PlacedCase[], replicas: number): void {
  eachCopy(cases, replicas, (operand, replica) => {
    machine.write(operand.root, contents(operand, replica), { replica });
  });
}

/** NaN and the infinities are values of their own: each agrees with itself alone, and a bound does not help. */
function agrees(expected: number, got: number, bound: number): boolean {
  const rounded = Math.fround(expected);
  if (!Number.isFinite(rounded) || !Number.isFinite(got)) return Object.is(rounded, got);
  return Math.abs(got - expected) <= bound;
}

interface Compared {
  readonly where: string;
  readonly expected: Float64Array;
  readonly got: ArrayLike<number>;
  readonly bounds: ArrayLike<number> | undefined;
}

/** The first element that is too far off and how many are, in words; nothing where all agree. */
function compare({ where, expected, got, bounds }: Compared): readonly string[] {
  let first: string | undefined;
  let count = 0;
  for (let index = 0; index < expected.length; index++) {
    const inside = index - GUARD;
    const bound = bounds?.[inside] ?? 0;
    if (agrees(expected[index], got[index], bound)) continue;
    count += 1;
    first ??= `${where}[${inside}]: got ${got[index]}, expected ${expected[index]} within ${bound}`;
  }
  return first === undefined ? [] : [`${first}; ${count} of ${expected.length - 2 * GUARD} differ`];
}

function boundsOf({ test, placed }: PlacedCase, befores: readonly Bindings[], machine: ReferenceMachine) {
  return befores.map((before, replica) => {
    const after = Object.fromEntries(placed.map(({ binding, tensor }) => [binding, machine.values(tensor, replica)]));
    return test.bounds?.({ before, after, replica }) ?? {};
  });
}

const snapshot = ({ placed }: PlacedCase, machine: ReferenceMachine, replica: number): Bindings =>
  Object.fromEntries(placed.map(({ binding, tensor }) => [binding, machine.values(tensor, replica).slice()]));

const inside = (values: Float64Array | Float32Array | Uint32Array) => values.subarray(GUARD, values.length - GUARD);

/**
 * Runs all cases as one program, on a device and on the reference, and says where they differ. Compares every element
 * of every tensor, with the guards around them, so that a kernel that reads or writes too much is found as well.
 */
export async function mismatches(
  device: Device,
  tests: readonly KernelCase[],
  replicas: number,
  note: (errors: Errors) => void = () => {},
): Promise<readonly string[]> {
  const cases = tests.map(place);
  const program = { name: "cases", calls: cases.map(({ call }) => call) };
  const roots = new Set(cases.flatMap(({ placed }) => placed.map(({ root }) => root)));
  const plan: Plan<"cases"> = {
    replicas,
    memory: planMemory([program], replicas, roots),
    programs: { cases: program },
    tables: [],
  };
  const reference = await createReferenceDevice().load(plan);
  const machine = await device.load(plan);
  fill(reference, cases, replicas);
  fill(machine, cases, replicas);
  const befores = cases.map((one) =>
    Array.from({ length: replicas }, (_, replica) => snapshot(one, reference, replica)),
  );
  reference.run("cases", 1);
  machine.run("cases", 1);

  const found: string[] = [];
  for (const [index, one] of cases.entries()) {
    const bounds = boundsOf(one, befores[index], reference);
    for (const operand of one.placed) {
      for (let replica = 0; replica < copiesOf(operand, replicas); replica++) {
        const read = await machine.read(operand.root, { replica });
        const { kernel, title } = one.test;
        const where = `${device.kind} ${kernel.name} ${title}: ${operand.binding}, replica ${replica} `;
        const got = operand.operand.type === "u32" ? new Uint32Array(read.buffer) : read;
        const compared = {
          expected: reference.values(operand.root, replica),
          got,
          bounds: bounds[replica][operand.binding],
        };
        found.push(...compare({ where, ...compared }));
        if (operand.operand.type !== "u32" && one.test.isUnusual !== true) {
          const isHalf = one.placed.some(({ root }) => root.type === "f16");
          note({
            ...{ device: device.kind, kernel: isHalf ? `${kernel.name} (f16)` : kernel.name, bounds: compared.bounds },
            ...{ expected: inside(compared.expected), got: inside(got) },
          });
        }
      }
    }
  }
  machine.dispose();
  return found;
}

/** Fails with the places where the device and the reference differ. */
export async function expectAgreement(device: Device, tests: readonly KernelCase[], replicas: number): Promise<void> {
  const found = await mismatches(device, tests, replicas, noteErrors);
  expect(found.slice(0, 10), `${found.length} tensors differ`).toEqual([]);
}
