import { create, globals } from "webgpu";
import { createCpuDevice } from "../../src/devices/cpu/device.ts";
import type { Device } from "../../src/devices/device.ts";
import { createWebGpuDevice, requestAdapter } from "../../src/devices/webgpu/device.ts";

Object.assign(globalThis, globals);

// Dawn ends as soon as the object that create() returned is collected.
const gpu = create([]);

/** WebGPU on whatever Vulkan driver there is. Throws where there is none: a test without it proves nothing. */
export async function requestTestAdapter(): Promise<GPUAdapter> {
  const adapter = await requestAdapter(gpu);
  if (adapter === undefined) {
    throw new Error("WebGPU: got no adapter, expected one. Install a Vulkan driver such as Mesa's lavapipe.");
  }
  return adapter;
}

const createWebGpu = async (): Promise<Device> => createWebGpuDevice(await requestTestAdapter());

/** The devices that are compared with the reference, by kind. */
export const devices = { cpu: createCpuDevice, webgpu: createWebGpu } as const satisfies Readonly<
  Record<string, () => Promise<Device>>
>;

export const deviceKinds = Object.keys(devices) as readonly (keyof typeof devices)[];

/** Rejects if the device was lost or reported an error since it was opened: WebGPU's errors do not throw. */
export async function expectNoError(device: Device): Promise<void> {
  const lost = await Promise.race([device.lost, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))]);
  if (lost !== undefined) throw new Error(`${device.label}: got "${lost}", expected no error.`);
}
