import type { Device, Machine, Part } from "../../src/devices/device.ts";
import type { Call, Plan } from "../../src/engine/graph/program.ts";
import { elements, rootOf, type Tensor } from "../../src/engine/graph/tensor.ts";
import { memberOf } from "../../src/lib/registry.ts";
import * as activations from "./activations/index.ts";
import { kernels } from "./index.ts";
import type { ReferenceKernel } from "./kernel.ts";

/** A machine whose memory can be looked at and changed in float64. */
export interface ReferenceMachine<Name extends string = string> extends Machine<Name> {
  /** The replica's copy of a tensor, or the shared one: a view of the memory itself. */
  values(tensor: Tensor, replica?: number): Float64Array;
}

export interface ReferenceDevice extends Device {
  load<Name extends string>(plan: Plan<Name>): Promise<ReferenceMachine<Name>>;
}

/** Every root tensor's own memory, nothing shared: a wrong memory plan shows as a difference to the other devices. */
class Memory {
  readonly #copies = new Map<Tensor, readonly Float64Array[]>();

  constructor({ memory, replicas }: Plan) {
    for (const root of memory.blockOf.keys()) {
      const length = root.perReplica ? replicas : 1;
      this.#copies.set(
        root,
        Array.from({ length }, () => new Float64Array(elements(root.shape))),
      );
    }
  }

  view(tensor: Tensor, replica: number): Float64Array {
    const copy = this.#copies.get(rootOf(tensor))?.[rootOf(tensor).perReplica ? replica : 0];
    if (copy === undefined)
      throw new RangeError(`${tensor.name}: got no memory for replica ${replica}, expected some.`);
    const start = tensor.slice?.offset ?? 0;
    return copy.subarray(start, start + elements(tensor.shape));
  }
}

type Kernels = Readonly<Record<string, ReferenceKernel>>;

function runCall(call: Call, memory: Memory, { replicas, known }: { replicas: number; known: Kernels }): void {
  const kernel = memberOf(known, call.kernel.name);
  const activation = memberOf(activations, call.activation ?? "identity");
  for (let replica = 0; replica < replicas; replica++) {
    const views = Object.entries(call.bindings).map(([name, tensor]) => [name, memory.view(tensor, replica)] as const);
    kernel({ bindings: Object.fromEntries(views), constants: call.constants, activation, replica });
  }
}

/** The numbers as a device returns them: bits of float32 also where the tensor is u32. */
function rounded(tensor: Tensor, values: Float64Array): Float32Array<ArrayBuffer> {
  return tensor.type === "u32" ? new Float32Array(Uint32Array.from(values).buffer) : Float32Array.from(values);
}

/**
 * The third device: float64, one loop per formula, no memory shared. For tests.
 *
 * @param further kernels that a test defines for itself, by name.
 */
export function createReferenceDevice(further: Kernels = {}): ReferenceDevice {
  const known = { ...kernels, ...further };
  return {
    kind: "reference",
    label: "Reference · float64",
    software: true,
    liveBytes: 0,
    lost: new Promise(() => {}),
    async load(plan) {
      const memory = new Memory(plan);
      for (const { tensor, values } of plan.tables) memory.view(tensor, 0).set(values);
      return {
        values: (tensor, replica = 0) => memory.view(tensor, replica),
        write: (tensor, values, part) => memory.view(tensor, part?.replica ?? 0).set(values),
        run(program, times) {
          const { calls } = plan.programs[program];
          for (let time = 0; time < times; time++)
            for (const call of calls) runCall(call, memory, { replicas: plan.replicas, known });
        },
        read: async (tensor: Tensor, part?: Part) =>
          rounded(tensor, memory.view(tensor, part?.replica ?? 0).slice(0, part?.count)),
        dispose() {},
      };
    },
    destroy() {},
  };
}
