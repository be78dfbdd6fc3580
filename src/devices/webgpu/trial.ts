import type { Call } from "../../engine/graph/program.ts";
import { type Format, isHalf } from "../../engine/graph/tensor.ts";
import { createRandom } from "../../lib/random.ts";
import type { PlanBuffers } from "./buffers.ts";
import { type Dispatch, encode } from "./dispatch.ts";
import { loaded, stored } from "./elements.ts";

/** Numbers that inputs are filled with, over and over. A prime, so that no row or column repeats another. */
const PATTERN = 65_537;
/**
 * Outputs of more than 2^24 words are compared in this many windows of this many words, evenly spread. A weight's gradient
 * is a slice of an arena: windows that are few and far between would miss it.
 */
const WINDOWS = 64;
const WINDOW = 262_144;
const WORD = 4;
/** Differences that the order of a sum explains, relative to the largest number of the sample. */
const TOLERANCE = 1e-4;
/** The same where results are rounded to 16 bits: one unit in the last place of the largest. */
const halfTolerances: Readonly<Record<Format, number>> = { f16: 2 ** -10, bf16: 2 ** -7 };
/** Milliseconds that a measurement takes at least: far above the resolution of any clock and the cost of a submission. */
const LONG_ENOUGH_MS = 5;
/** Dispatches in one submission at most, so that a guess that is far off does not block the GPU for long. */
const MOST_REPEATS = 1024;

/** Fills what a call only reads with normal numbers. What it writes stays as it is: zero. */
export function fillInputs(device: GPUDevice, { kernel, bindings }: Call, buffers: PlanBuffers): void {
  const random = createRandom(0, "data");
  const pattern = Float32Array.from({ length: PATTERN }, () => random.normal());
  for (const [name, tensor] of Object.entries(bindings)) {
    if (kernel.bindings[name] !== "read") continue;
    const { buffer, offset, size } = buffers.view(tensor);
    const bytes = stored(tensor, pattern);
    for (let at = 0; at < size; at += bytes.byteLength) {
      const count = Math.min(bytes.byteLength, size - at) / bytes.BYTES_PER_ELEMENT;
      device.queue.writeBuffer(buffer, offset + at, bytes, 0, count);
    }
  }
}

interface Stretch {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly length: number;
}

/** What is compared of an output, in bytes: all of it, or windows spread over it. */
function stretchesOf({ buffer, offset, size }: Required<GPUBufferBinding>): readonly Stretch[] {
  const length = WINDOW * WORD;
  if (size <= WINDOWS * length) return [{ buffer, offset, length: size }];
  const last = size / WORD - WINDOW;
  return Array.from({ length: WINDOWS }, (_, window) => ({
    buffer,
    offset: offset + Math.floor((window * last) / (WINDOWS - 1)) * WORD,
    length,
  }));
}

/** Runs a call once on outputs of zeros and reads samples of everything that it writes. */
export async function sampleOutputs(
  device: GPUDevice,
  { call, buffers, dispatches }: { call: Call; buffers: PlanBuffers; dispatches: readonly Dispatch[] },
): Promise<Float32Array> {
  const written = Object.entries(call.bindings).filter(([name]) => call.kernel.bindings[name] !== "read");
  const parts = written.flatMap(([, tensor]) => stretchesOf(buffers.view(tensor)));
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = device.createBuffer({ label: "trial", size: bytes, usage });
  const encoder = device.createCommandEncoder();
  for (const [, tensor] of written) {
    const { buffer, offset, size } = buffers.view(tensor);
    encoder.clearBuffer(buffer, offset, size);
  }
  const pass = encoder.beginComputePass();
  encode(pass, dispatches);
  pass.end();
  let at = 0;
  for (const { buffer, offset, length } of parts) {
    encoder.copyBufferToBuffer(buffer, offset, staging, at, length);
    at += length;
  }
  device.queue.submit([encoder.finish()]);
  try {
    await staging.mapAsync(GPUMapMode.READ);
    // A call's results are all of one type
    const type = written[0]?.[1].type ?? "f32";
    return loaded({ type }, staging.getMappedRange().slice(0), isHalf(type) ? bytes / 2 : bytes / WORD);
  } finally {
    staging.destroy();
  }
}

/** Whether two samples are the same up to the order of their sums, and rounding to a format; NaN agrees with nothing. */
export function agree(expected: Float32Array, got: Float32Array, format?: Format): boolean {
  const tolerance = format === undefined ? TOLERANCE : halfTolerances[format];
  let scale = 0;
  for (const value of expected) scale = Math.max(scale, Math.abs(value));
  if (!(scale > 0) || got.length !== expected.length) return false;
  const most = tolerance * scale;
  for (let index = 0; index < expected.length; index++) {
    if (!(Math.abs((expected[index] as number) - (got[index] as number)) <= most)) return false;
  }
  return true;
}

/** Milliseconds of one run of the dispatches: enough runs in one submission to be measured with any clock. */
export async function measure(device: GPUDevice, dispatches: readonly Dispatch[]): Promise<number> {
  let repeats = 1;
  for (;;) {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let repeat = 0; repeat < repeats; repeat++) encode(pass, dispatches);
    pass.end();
    const started = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    const milliseconds = performance.now() - started;
    if (milliseconds >= LONG_ENOUGH_MS || repeats >= MOST_REPEATS) return milliseconds / repeats;
    repeats = Math.min(MOST_REPEATS, Math.ceil(repeats * Math.max(2, (1.2 * LONG_ENOUGH_MS) / milliseconds)));
  }
}
