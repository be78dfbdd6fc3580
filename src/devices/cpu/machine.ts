import type { Plan, Program } from "../../engine/graph/program.ts";
import { elements, shapeText, type Tensor } from "../../engine/graph/tensor.ts";
import { DeviceError, type Machine, type Part } from "../device.ts";
import type { Stretch } from "./allocator.ts";
import { countOf, type Layout, layBlocks, offsetOf } from "./layout.ts";
import type { KernelModule } from "./module.ts";
import { type ScheduleOptions, scheduleOf } from "./schedule.ts";
import { checkKernels, createTape, tapeWords } from "./tape.ts";

const BYTES_PER_WORD = 4;

/** From which sizes on calls are shared by threads. */
type Sharing = Pick<ScheduleOptions, "sharedFrom" | "secondRoundFrom">;

/** A program's tape in linear memory. */
interface Placed {
  readonly start: number;
  readonly calls: number;
  readonly threads: number;
}

/** A plan in linear memory: its blocks, then the tapes of its programs, all in one stretch. */
class CpuMachine<Name extends string> implements Machine<Name> {
  readonly #plan: Plan<Name>;
  readonly #module: KernelModule;
  readonly #layout: Layout;
  readonly #stretch: Stretch;
  readonly #tapes = new Map<string, Placed>();
  #isDisposed = false;

  constructor(plan: Plan<Name>, module: KernelModule, sharing: Sharing) {
    checkKernels(plan, module);
    this.#plan = plan;
    this.#module = module;
    this.#layout = layBlocks(plan);
    const programs = Object.values<Program>(plan.programs);
    const words = programs.reduce((sum, program) => sum + tapeWords(program.calls, plan.replicas), 0);
    this.#stretch = module.allocator.allocate(this.#layout.bytes + words * BYTES_PER_WORD);
    try {
      this.#placeTapes(sharing);
      for (const { tensor, values } of plan.tables) this.write(tensor, values);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  write(tensor: Tensor, values: Float32Array | Uint32Array, part: Pick<Part, "replica"> = {}): void {
    if (values.length > elements(tensor.shape)) {
      throw new DeviceError(
        `${tensor.name}: got ${values.length} values, expected at most ${elements(tensor.shape)} ` +
          `of ${shapeText(tensor.shape)}. Write fewer.`,
      );
    }
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    new Uint32Array(this.#module.memory.buffer, this.#addressOf(tensor, part), values.length).set(bits);
  }

  run(program: Name, times: number): void {
    const tape = this.#tapes.get(program);
    if (tape === undefined) {
      const names = this.#isDisposed ? "none, the machine is disposed" : [...this.#tapes.keys()].join(", ");
      throw new DeviceError(`program: got "${program}", expected one of ${names}. Load a plan that has it.`);
    }
    this.#module.run(tape.start, tape.calls, times, tape.threads);
  }

  async read(tensor: Tensor, part: Part = {}): Promise<Float32Array<ArrayBuffer>> {
    const count = countOf(tensor, part);
    // As words: a copy of float32 numbers may change the bits of a NaN
    const words = new Uint32Array(this.#module.memory.buffer, this.#addressOf(tensor, part), count).slice();
    return new Float32Array(words.buffer);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#tapes.clear();
    this.#module.allocator.free(this.#stretch);
  }

  #addressOf(tensor: Tensor, { replica = 0 }: Part): number {
    if (this.#isDisposed) {
      throw new DeviceError(
        `${tensor.name}: got a machine that is disposed, expected a live one. Load the plan again.`,
      );
    }
    return this.#stretch.start + offsetOf(tensor, this.#plan, this.#layout, replica);
  }

  #placeTapes(sharing: Sharing): void {
    const { replicas } = this.#plan;
    const options = { plan: this.#plan, layout: this.#layout, memoryStart: this.#stretch.start, module: this.#module };
    let start = this.#stretch.start + this.#layout.bytes;
    for (const [name, program] of Object.entries<Program>(this.#plan.programs)) {
      const schedule = scheduleOf(program.calls, { replicas, threads: this.#module.threads, ...sharing });
      const { calls, words } = createTape(program.calls, start, schedule, options);
      new Uint32Array(this.#module.memory.buffer, start, words.length).set(words);
      this.#tapes.set(name, { start, calls, threads: schedule.needsThreads ? this.#module.threads : 1 });
      start += words.byteLength;
    }
  }
}

/** Lays a plan out in linear memory. Throws a `DeviceError` on a missing kernel and where memory does not suffice. */
export const createCpuMachine = <Name extends string>(
  plan: Plan<Name>,
  module: KernelModule,
  sharing: Sharing = {},
): Machine<Name> => new CpuMachine(plan, module, sharing);
