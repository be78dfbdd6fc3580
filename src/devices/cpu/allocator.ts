import { DeviceError } from "../device.ts";

/** All stretches start at multiples of this, as slices do: a cache line four times over. */
export const ALIGNMENT_BYTES = 256;

const PAGE_BYTES = 65_536;
/** WebAssembly's limit of 4 GiB, less a page: the end of the last stretch is still a 32-bit pointer. */
const LIMIT_BYTES = 2 ** 32 - PAGE_BYTES;

/** A piece of linear memory. */
export interface Stretch {
  readonly start: number;
  readonly bytes: number;
}

/** Hands out stretches of a linear memory, which grows as needed; freed stretches are used again. */
export class Allocator {
  readonly #memory: WebAssembly.Memory;
  readonly #start: number;
  /** Free stretches by their start; neighbours are merged. What lies beyond `#end` was never handed out. */
  #free: readonly Stretch[] = [];
  #end: number;
  #liveBytes = 0;

  /** `start`: the first byte that may be handed out. */
  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory;
    this.#start = Math.ceil(start / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    this.#end = this.#start;
  }

  /** Bytes handed out and not freed. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  /** Takes a stretch of at least `bytes`, all zeros. Throws a `DeviceError` where there is no room for it. */
  allocate(bytes: number): Stretch {
    const size = Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    const gap = this.#free.find((stretch) => stretch.bytes >= size);
    const stretch = { start: gap?.start ?? this.#end, bytes: size };
    if (gap === undefined) {
      this.#grow(size);
      this.#end += size;
    } else {
      const rest = { start: gap.start + size, bytes: gap.bytes - size };
      this.#free = this.#free.flatMap((other) => (other !== gap ? [other] : rest.bytes > 0 ? [rest] : []));
    }
    this.#liveBytes += size;
    new Uint8Array(this.#memory.buffer, stretch.start, size).fill(0);
    return stretch;
  }

  /** Gives a stretch back. */
  free(stretch: Stretch): void {
    this.#liveBytes -= stretch.bytes;
    const merged: Stretch[] = [];
    for (const next of [...this.#free, stretch].sort((a, b) => a.start - b.start)) {
      const last = merged.at(-1);
      if (last !== undefined && last.start + last.bytes === next.start) {
        merged[merged.length - 1] = { start: last.start, bytes: last.bytes + next.bytes };
      } else {
        merged.push(next);
      }
    }
    const tail = merged.at(-1);
    if (tail !== undefined && tail.start + tail.bytes === this.#end) {
      merged.pop();
      this.#end = tail.start;
    }
    this.#free = merged;
  }

  /** Makes room for `bytes` after the end. */
  #grow(bytes: number): void {
    const missing = this.#end + bytes - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    const refused = (cause?: unknown) =>
      new DeviceError(
        `memory: got ${bytes} bytes on top of ${this.#liveBytes} in use, expected at most ${LIMIT_BYTES} in all. ` +
          "Choose a smaller model, batch or data set.",
        { cause },
      );
    if (this.#end + bytes > LIMIT_BYTES) throw refused();
    try {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch (cause) {
      throw refused(cause);
    }
  }
}
