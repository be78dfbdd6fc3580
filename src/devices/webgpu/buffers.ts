import type { Plan } from "../../engine/graph/program.ts";
import { bytesOf, elements, offsetOf, replicaStride, rootOf, type Tensor } from "../../engine/graph/tensor.ts";

const BYTES = 4;

/** The memory of a plan: one buffer per block, and one for what a variant hands from pass to pass. */
export class PlanBuffers {
  readonly #device: GPUDevice;
  readonly #plan: Plan;
  readonly #blocks: readonly GPUBuffer[];
  #scratch: GPUBuffer | undefined;
  /** Scratch buffers that became too small, and are still bound by calls that were prepared with them. */
  readonly #outgrown: GPUBuffer[] = [];

  constructor(device: GPUDevice, plan: Plan) {
    this.#device = device;
    this.#plan = plan;
    this.#blocks = plan.memory.blocks.map(({ name, bytes }) => this.#create(name, bytes));
  }

  get bytes(): number {
    const scratch = [...this.#outgrown, ...(this.#scratch === undefined ? [] : [this.#scratch])];
    return [...this.#blocks, ...scratch].reduce((sum, { size }) => sum + size, 0);
  }

  /** The bytes that a call sees of a tensor: from its first element in replica 0 to its last in the last replica. */
  view(tensor: Tensor): Required<GPUBufferBinding> {
    const copies = (this.#plan.replicas - 1) * replicaStride(tensor);
    return {
      buffer: this.of(tensor),
      offset: bytesOf(tensor, offsetOf(tensor)),
      size: bytesOf(tensor, copies + elements(tensor.shape)),
    };
  }

  of(tensor: Tensor): GPUBuffer {
    const buffer = this.#blocks[this.#plan.memory.blockOf.get(rootOf(tensor)) ?? -1];
    if (buffer === undefined) throw new Error(`${tensor.name}: got no memory in this plan, expected a planned tensor.`);
    return buffer;
  }

  offset(tensor: Tensor, replica: number): number {
    return bytesOf(tensor, offsetOf(tensor) + replica * replicaStride(tensor));
  }

  /** Makes the scratch buffer large enough; calls that were prepared before keep what they were given. */
  reserveScratch(elementsPerReplica: number): void {
    const bytes = elementsPerReplica * this.#plan.replicas * BYTES;
    if (bytes <= (this.#scratch?.size ?? 0)) return;
    if (this.#scratch !== undefined) this.#outgrown.push(this.#scratch);
    this.#scratch = this.#create("scratch", bytes);
  }

  get scratch(): GPUBuffer | undefined {
    return this.#scratch;
  }

  /** Fills everything with zeros, as it is when created. */
  clear(): void {
    const encoder = this.#device.createCommandEncoder();
    for (const buffer of this.#blocks) encoder.clearBuffer(buffer);
    this.#device.queue.submit([encoder.finish()]);
  }

  destroy(): void {
    for (const buffer of this.#blocks) buffer.destroy();
    for (const buffer of this.#outgrown) buffer.destroy();
    this.#scratch?.destroy();
  }

  #create(label: string, size: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.#device.createBuffer({ label, size, usage });
  }
}
