import { DeviceError } from "../device.ts";

/** Most reads are rows of metrics: these many buffers of this many bytes wait for them from the start. */
const SMALL_BYTES = 16_384;
const SMALL_KEPT = 4;
/** Of every larger size one is kept. */
const LARGE_KEPT = 1;
/** The largest buffer; what is larger comes back in several, since a device need not give one of twice its size. */
const MOST_BYTES = 2 ** 26;

/**
 * Buffers through which values come back from the GPU. They are used again, so that reading in the step loop creates
 * nothing, and what is kept between reads does not grow: a read that finds none free gets one that is destroyed after it.
 */
export class StagingBuffers {
  readonly #device: GPUDevice;
  readonly #free = new Map<number, GPUBuffer[]>();
  readonly #all = new Set<GPUBuffer>();

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#free.set(
      SMALL_BYTES,
      Array.from({ length: SMALL_KEPT }, () => this.#create(SMALL_BYTES)),
    );
  }

  get bytes(): number {
    return [...this.#all].reduce((sum, { size }) => sum + size, 0);
  }

  /** `bytes` of `source` from `offset`, as they are once all work submitted before is done. */
  async read(source: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    if (bytes <= MOST_BYTES) return this.#piece(source, offset, bytes);
    const starts = Array.from({ length: Math.ceil(bytes / MOST_BYTES) }, (_, index) => index * MOST_BYTES);
    // All are copied now: work that is submitted later may write to the source
    const copies = starts.map((start) => this.#piece(source, offset + start, Math.min(MOST_BYTES, bytes - start)));
    const whole = new Uint8Array(bytes);
    for (const [index, copy] of (await Promise.all(copies)).entries()) whole.set(new Uint8Array(copy), starts[index]);
    return whole.buffer;
  }

  async #piece(source: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, SMALL_BYTES)));
    const staging = this.#free.get(size)?.pop() ?? this.#create(size);
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, offset, staging, 0, bytes);
    this.#device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, bytes);
    } catch (error) {
      // The buffer stays unmapped: unmap() after a failed map is a validation error of its own.
      throw new DeviceError("webgpu: got no answer, expected values to be read back. The device was lost or closed.", {
        cause: error,
      });
    }
    const values = staging.getMappedRange(0, bytes).slice(0);
    staging.unmap();
    this.#giveBack(staging);
    return values;
  }

  #create(size: number): GPUBuffer {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const buffer = this.#device.createBuffer({ label: `staging ${size}`, size, usage });
    this.#all.add(buffer);
    return buffer;
  }

  #giveBack(buffer: GPUBuffer): void {
    const free = this.#free.get(buffer.size) ?? [];
    this.#free.set(buffer.size, free);
    if (free.length < (buffer.size === SMALL_BYTES ? SMALL_KEPT : LARGE_KEPT)) {
      free.push(buffer);
      return;
    }
    buffer.destroy();
    this.#all.delete(buffer);
  }

  destroy(): void {
    for (const buffer of this.#all) buffer.destroy();
    this.#all.clear();
    this.#free.clear();
  }
}
