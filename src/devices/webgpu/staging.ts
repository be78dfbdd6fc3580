import { DeviceError } from "../device.ts";

/**
 * Buffers through which values come back from the GPU. They are kept and used again, so that reading in a loop creates
 * nothing: each is as large as the power of two above the bytes that it was made for.
 */
export class StagingBuffers {
  readonly #device: GPUDevice;
  readonly #free = new Map<number, GPUBuffer[]>();
  readonly #all: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  get bytes(): number {
    return this.#all.reduce((sum, { size }) => sum + size, 0);
  }

  /** Copies `bytes` of `source` from `offset` as they are once all work submitted before is done. */
  async read(source: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, 256)));
    const staging = this.#take(size);
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
    this.#free.get(size)?.push(staging);
    return values;
  }

  #take(size: number): GPUBuffer {
    const free = this.#free.get(size) ?? [];
    this.#free.set(size, free);
    const known = free.pop();
    if (known !== undefined) return known;
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const buffer = this.#device.createBuffer({ label: `staging ${size}`, size, usage });
    this.#all.push(buffer);
    return buffer;
  }

  destroy(): void {
    for (const buffer of this.#all.splice(0)) buffer.destroy();
    this.#free.clear();
  }
}
