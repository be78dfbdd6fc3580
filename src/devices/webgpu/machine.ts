import type { Call, Plan } from "../../engine/graph/program.ts";
import { elements, offsetOf, replicaStride, rootOf, shapeText, type Tensor } from "../../engine/graph/tensor.ts";
import { DeviceError, type Machine } from "../device.ts";
import { linkCall } from "./linker.ts";
import type { Pipelines } from "./pipelines.ts";
import { StagingBuffers } from "./staging.ts";

const BYTES = 4;
const MAX_WORKGROUPS = 65_535;

/** One dispatch, ready to be encoded: nothing is created in the step loop. */
interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly grid: readonly [x: number, y: number, z: number];
}

/** A plan on a WebGPU device: one buffer per block, one prepared list of dispatches per program. */
export class WebGpuMachine<Name extends string> implements Machine<Name> {
  readonly #device: GPUDevice;
  readonly #plan: Plan<Name>;
  readonly #buffers: readonly GPUBuffer[];
  readonly #staging: StagingBuffers;
  readonly #programs = new Map<string, readonly Dispatch[]>();
  readonly #onDispose: () => void;

  private constructor(device: GPUDevice, plan: Plan<Name>, onDispose: () => void) {
    this.#device = device;
    this.#plan = plan;
    this.#onDispose = onDispose;
    this.#staging = new StagingBuffers(device);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    this.#buffers = plan.memory.blocks.map(({ name, bytes }) =>
      device.createBuffer({ label: name, size: bytes, usage }),
    );
  }

  /** Allocates, compiles all kernels side by side, and prepares the dispatches. Throws a `DeviceError`. */
  static async load<N extends string>(
    device: GPUDevice,
    pipelines: Pipelines,
    { plan, onDispose }: { plan: Plan<N>; onDispose: () => void },
  ): Promise<WebGpuMachine<N>> {
    expectFitting(plan, device.limits);
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    const machine = new WebGpuMachine(device, plan, onDispose);
    const outOfMemory = device.popErrorScope();
    const names = Object.keys(plan.programs) as N[];
    const compiled = Promise.all(names.map((name) => machine.#prepare(plan.programs[name].calls, pipelines)));
    const invalid = device.popErrorScope();
    try {
      expectNone(await outOfMemory, "memory for the plan. Make the model or the batch smaller");
      for (const [index, dispatches] of (await compiled).entries())
        machine.#programs.set(names[index] ?? "", dispatches);
      expectNone(await invalid, "valid buffers and modules. Try the CPU device");
      for (const { tensor, values } of plan.tables) machine.write(tensor, values);
      return machine;
    } catch (error) {
      compiled.catch(() => undefined);
      machine.dispose();
      throw error;
    }
  }

  /** Bytes of GPU memory that the machine holds, buffers for reading back included. */
  get bytes(): number {
    return this.#buffers.reduce((sum, { size }) => sum + size, this.#staging.bytes);
  }

  async #prepare(calls: readonly Call[], pipelines: Pipelines): Promise<readonly Dispatch[]> {
    const linked = calls.map((call) => linkCall(call, this.#plan.replicas));
    const compiled = await Promise.all(linked.map((kernel) => pipelines.get(kernel)));
    this.#device.pushErrorScope("validation");
    const dispatches = calls.map((call, index): Dispatch => {
      const pipeline = compiled[index];
      const kernel = linked[index];
      if (pipeline === undefined || kernel === undefined) throw new RangeError("calls and kernels differ in number");
      const entries = [...kernel.bindings].map(([name, binding]) => ({ binding, resource: this.#view(call, name) }));
      const bindGroup = this.#device.createBindGroup({
        label: kernel.name,
        layout: pipeline.getBindGroupLayout(0),
        entries,
      });
      return { pipeline, bindGroup, grid: gridOf(call, this.#plan.replicas) };
    });
    expectNone(await this.#device.popErrorScope(), "bindings that fit. Try the CPU device");
    return dispatches;
  }

  /** The bytes that a call sees of a tensor: from its first element in replica 0 to its last in the last replica. */
  #view(call: Call, name: string): GPUBufferBinding {
    const tensor = call.bindings[name];
    if (tensor === undefined) throw new Error(`${call.kernel.name}: got no tensor for "${name}", expected one.`);
    const copies = (this.#plan.replicas - 1) * replicaStride(tensor);
    return {
      buffer: this.#bufferOf(tensor),
      offset: offsetOf(tensor) * BYTES,
      size: (copies + elements(tensor.shape)) * BYTES,
    };
  }

  #bufferOf(tensor: Tensor): GPUBuffer {
    const buffer = this.#buffers[this.#plan.memory.blockOf.get(rootOf(tensor)) ?? -1];
    if (buffer === undefined) throw new Error(`${tensor.name}: got no memory in this plan, expected a planned tensor.`);
    return buffer;
  }

  #offsetOf(tensor: Tensor, replica: number): number {
    return (offsetOf(tensor) + replica * replicaStride(tensor)) * BYTES;
  }

  write(tensor: Tensor, values: Float32Array | Uint32Array, { replica = 0 } = {}): void {
    if (values.length > elements(tensor.shape)) {
      throw new RangeError(`${tensor.name}: got ${values.length} values, expected at most ${shapeText(tensor.shape)}.`);
    }
    const { buffer, byteOffset, byteLength } = values;
    this.#device.queue.writeBuffer(
      this.#bufferOf(tensor),
      this.#offsetOf(tensor, replica),
      buffer,
      byteOffset,
      byteLength,
    );
  }

  run(program: Name, times: number): void {
    const dispatches = this.#programs.get(program);
    if (dispatches === undefined)
      throw new Error(`${program}: got no such program, expected ${[...this.#programs.keys()]}.`);
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let time = 0; time < times; time++) {
      for (const { pipeline, bindGroup, grid } of dispatches) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
      }
    }
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  async read(tensor: Tensor, { replica = 0, count = elements(tensor.shape) } = {}): Promise<Float32Array<ArrayBuffer>> {
    const offset = this.#offsetOf(tensor, replica);
    return new Float32Array(await this.#staging.read(this.#bufferOf(tensor), offset, count * BYTES));
  }

  dispose(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#staging.destroy();
    this.#onDispose();
  }
}

function expectNone(error: GPUError | null, expected: string): void {
  if (error !== null) throw new DeviceError(`webgpu: got "${error.message}", expected ${expected}.`);
}

function gridOf({ kernel, constants }: Call, replicas: number): Dispatch["grid"] {
  const [x, y] = kernel.invocations(constants);
  const grid = [Math.ceil(x / kernel.workgroup[0]), Math.ceil(y / kernel.workgroup[1]), replicas] as const;
  if (Math.max(...grid) > MAX_WORKGROUPS) {
    throw new DeviceError(
      `${kernel.name}: got a grid of ${grid.join(" x ")} workgroups, expected at most ${MAX_WORKGROUPS} a side. ` +
        "Make the model or the batch smaller.",
    );
  }
  return grid;
}

/** Refuses a plan that the device has no room for, with numbers, before anything is allocated. */
function expectFitting({ memory }: Plan, limits: GPUSupportedLimits): void {
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  for (const { name, bytes } of memory.blocks) {
    if (bytes <= most) continue;
    throw new DeviceError(
      `webgpu: got ${bytes} bytes for ${name}, expected at most ${most} in one buffer. Make the model or the batch smaller.`,
    );
  }
}
