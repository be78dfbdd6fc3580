import type { Plan, Program } from "../../engine/graph/program.ts";
import { bytesOf, elements, isHalf, shapeText, type Tensor } from "../../engine/graph/tensor.ts";
import { type CallTime, DeviceError, type Machine } from "../device.ts";
import { PlanBuffers } from "./buffers.ts";
import { encode } from "./dispatch.ts";
import { loaded, stored } from "./elements.ts";
import { Order } from "./order.ts";
import type { Pipelines } from "./pipelines.ts";
import { type Prepared, Preparer } from "./prepare.ts";
import { timePasses } from "./profile.ts";
import { StagingBuffers } from "./staging.ts";
import type { Chooser } from "./tuner.ts";

export interface LoadOptions<Name extends string> {
  readonly plan: Plan<Name>;
  readonly pipelines: Pipelines;
  readonly chooser: Chooser;
  readonly onDispose: (machine: { readonly bytes: number }) => void;
}

/** A plan on a WebGPU device: one buffer per block, one prepared list of dispatches per program. */
export class WebGpuMachine<Name extends string> implements Machine<Name> {
  /** Only where the device has `timestamp-query`. */
  readonly profile?: (program: Name, times: number) => Promise<readonly CallTime[]>;
  readonly ready: Promise<void>;
  readonly #device: GPUDevice;
  readonly #plan: Plan<Name>;
  readonly #buffers: PlanBuffers;
  readonly #staging: StagingBuffers;
  readonly #programs = new Map<string, readonly Prepared[]>();
  readonly #order = new Order();
  readonly #onDispose: LoadOptions<Name>["onDispose"];
  /** Programs that nobody has asked for yet. */
  readonly #unprepared: Map<string, Program>;
  readonly #preparer: Preparer;

  /** `buffers` are empty, and the preparer has chosen its variants. */
  private constructor(device: GPUDevice, parts: LoadOptions<Name> & { buffers: PlanBuffers; preparer: Preparer }) {
    const { plan, onDispose, buffers, preparer } = parts;
    this.#device = device;
    this.#plan = plan;
    this.#onDispose = onDispose;
    this.#buffers = buffers;
    this.#preparer = preparer;
    this.#staging = new StagingBuffers(device);
    this.#unprepared = new Map(Object.entries<Program>(plan.programs));
    if (device.features.has("timestamp-query")) this.profile = (program, times) => this.#profile(program, times);
    const [first] = this.#unprepared.keys();
    this.ready = first === undefined ? Promise.resolve() : this.#prepare(first);
    for (const { tensor, values } of plan.tables) this.write(tensor, values);
  }

  /**
   * Allocates, chooses variants, and begins to compile the kernels of the first program: values can be written meanwhile.
   * The other programs are prepared when one of them is asked for, so that the first step is not late: then everything
   * waits for it. Throws a `DeviceError` where there is no memory.
   */
  static async load<N extends string>(device: GPUDevice, options: LoadOptions<N>): Promise<WebGpuMachine<N>> {
    const { plan } = options;
    expectFitting(plan, device.limits);
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    const buffers = new PlanBuffers(device, plan);
    const outOfMemory = device.popErrorScope();
    const invalid = device.popErrorScope();
    try {
      expectNone(await outOfMemory, "memory for the plan. Make the model or the batch smaller");
      expectNone(await invalid, "valid buffers. Try the CPU device");
      const preparer = new Preparer(device, buffers, { ...options, replicas: plan.replicas });
      await preparer.choose(Object.values<Program>(plan.programs).flatMap(({ calls }) => calls));
      return new WebGpuMachine(device, { ...options, buffers, preparer });
    } catch (error) {
      buffers.destroy();
      throw error;
    }
  }

  /** Bytes of GPU memory that the machine holds, buffers for reading back included. */
  get bytes(): number {
    return this.#buffers.bytes + this.#staging.bytes;
  }

  #prepare(name: string): Promise<void> {
    const { calls } = this.#unprepared.get(name) ?? { calls: [] };
    this.#unprepared.delete(name);
    const prepared = this.#preparer.prepare(calls).then((dispatches) => {
      this.#programs.set(name, dispatches);
    });
    this.#order.expect(name, prepared);
    return prepared;
  }

  /** Begins to compile all programs as soon as one is asked for that is not compiled yet. */
  #prepareFor(program: string): void {
    if (!this.#unprepared.has(program)) return;
    for (const name of [...this.#unprepared.keys()]) this.#prepare(name);
  }

  write(tensor: Tensor, values: Float32Array | Uint32Array, { replica = 0 } = {}): void {
    if (values.length > elements(tensor.shape)) {
      throw new RangeError(`${tensor.name}: got ${values.length} values, expected at most ${shapeText(tensor.shape)}.`);
    }
    const isCopied = this.#order.isWaiting && !isHalf(tensor.type);
    const copy = isCopied ? values.slice() : stored(tensor, values);
    this.#order.act(() => {
      const { buffer, byteOffset, byteLength } = copy;
      const to = this.#buffers.offset(tensor, replica);
      this.#device.queue.writeBuffer(this.#buffers.of(tensor), to, buffer, byteOffset, byteLength);
    });
  }

  run(program: Name, times: number): void {
    if (this.#plan.programs[program] === undefined) {
      throw new Error(`${program}: got no such program, expected ${Object.keys(this.#plan.programs)}.`);
    }
    this.#prepareFor(program);
    this.#order.act(() => this.#submit(this.#programs.get(program) ?? [], times), program);
  }

  #submit(prepared: readonly Prepared[], times: number): void {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let time = 0; time < times; time++) {
      for (const { dispatches } of prepared) encode(pass, dispatches);
    }
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  read(tensor: Tensor, { replica = 0, count = elements(tensor.shape) } = {}): Promise<Float32Array<ArrayBuffer>> {
    const offset = this.#buffers.offset(tensor, replica);
    return this.#order.ask(async () =>
      loaded(tensor, await this.#staging.read(this.#buffers.of(tensor), offset, bytesOf(tensor, count)), count),
    );
  }

  #profile(program: Name, times: number): Promise<readonly CallTime[]> {
    this.#prepareFor(program);
    return this.#order.ask(async () => {
      const prepared = this.#programs.get(program) ?? [];
      const passes = prepared.map(({ dispatches }) => dispatches);
      const durations = await timePasses(this.#device, passes, times);
      return prepared.map(({ call: { kernel, move }, variant }, index) => ({
        kernel: kernel.name,
        variant: variant.name,
        move,
        milliseconds: durations[index] ?? 0,
      }));
    }, program);
  }

  dispose(): void {
    this.#order.close();
    this.#buffers.destroy();
    this.#staging.destroy();
    this.#onDispose(this);
  }
}

function expectNone(error: GPUError | null, expected: string): void {
  if (error !== null) throw new DeviceError(`webgpu: got "${error.message}", expected ${expected}.`);
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
