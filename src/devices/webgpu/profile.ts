import { DeviceError } from "../device.ts";
import { type Dispatch, encode } from "./dispatch.ts";

const BYTES_PER_TIME = 8;
/** Dawn's limit on the queries of one set. */
const MAX_QUERIES = 4096;
const NANOSECONDS_PER_MILLISECOND = 1e6;

/**
 * Runs lists of dispatches `times` times, each list in a pass of its own between two timestamps, and resolves with the
 * mean milliseconds of each list. Browsers round timestamps down to some 65 µs; over several times that averages out.
 * Needs the feature `timestamp-query`.
 */
export async function timePasses(
  device: GPUDevice,
  passes: readonly (readonly Dispatch[])[],
  times: number,
): Promise<readonly number[]> {
  const count = 2 * passes.length;
  if (count > MAX_QUERIES) {
    throw new DeviceError(
      `profile: got ${passes.length} calls, expected at most ${MAX_QUERIES / 2}. Time fewer layers.`,
    );
  }
  const querySet = device.createQuerySet({ type: "timestamp", count });
  const size = count * BYTES_PER_TIME;
  const resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const staging = device.createBuffer({
    size: size * times,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  try {
    for (let time = 0; time < times; time++) {
      const encoder = device.createCommandEncoder();
      passes.forEach((dispatches, index) => {
        const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * index, endOfPassWriteIndex: 2 * index + 1 };
        const pass = encoder.beginComputePass({ timestampWrites });
        encode(pass, dispatches);
        pass.end();
      });
      encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, time * size, size);
      device.queue.submit([encoder.finish()]);
    }
    await staging.mapAsync(GPUMapMode.READ);
    return meanDurations(new BigInt64Array(staging.getMappedRange()), passes.length);
  } finally {
    querySet.destroy();
    resolved.destroy();
    staging.destroy();
  }
}

/** `stamps` (times, passes, 2) are nanoseconds at the start and the end of each pass. */
function meanDurations(stamps: BigInt64Array, passes: number): readonly number[] {
  const sums = new Array<number>(passes).fill(0);
  for (let at = 0; at < stamps.length; at += 2) {
    const pass = (at / 2) % passes;
    sums[pass] = (sums[pass] ?? 0) + Number((stamps[at + 1] ?? 0n) - (stamps[at] ?? 0n));
  }
  const times = stamps.length / 2 / passes;
  return sums.map((sum) => sum / times / NANOSECONDS_PER_MILLISECOND);
}
