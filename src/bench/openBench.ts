import { type Device, DeviceError } from "../devices/device.ts";
import { openDevice } from "../session/openDevice.ts";
import type { BenchDevice } from "./kinds.ts";

/** Opens the device, does the work, and closes the device. Rejects when the device is missing, or lost meanwhile. */
export async function withDevice<T>(
  kind: BenchDevice,
  gpu: GPU | undefined,
  work: (device: Device) => Promise<T>,
): Promise<T> {
  const { device } = await openDevice(kind, gpu);
  try {
    return await Promise.race([work(device), failureOf(device)]);
  } finally {
    device.destroy();
  }
}

/** Rejects when the device is lost; what waits for it would wait for ever. */
export async function failureOf(device: Device): Promise<never> {
  const reason = await device.lost;
  throw new DeviceError(`device: got a lost device (${reason}), expected it to stay. Measure again.`);
}

/** Threads that a CPU device uses, by its label; `undefined` for a GPU. */
export function threadsOf({ kind, label }: Device): number | undefined {
  const threads = Number(/(\d+) threads?\b/.exec(label)?.[1]);
  return kind === "cpu" && Number.isInteger(threads) ? threads : undefined;
}

/** The name of the GPU, from the device's label; `undefined` for a CPU. */
export const adapterOf = ({ kind, label }: Device): string | undefined =>
  kind === "webgpu" ? label.replace(/^WebGPU · /, "") : undefined;
