import { createCpuDevice } from "../devices/cpu/device.ts";
import { type Device, DeviceError } from "../devices/device.ts";
import type { DeviceChoice } from "./config.ts";

/** Only where there is a GPU to speak to: other visits do without this part of the program. */
const loadWebGpu = () => import("../devices/webgpu/device.ts");

export interface OpenedDevice {
  readonly device: Device;
  /** Why this one, for people. */
  readonly reason: string;
}

export interface OpenOptions {
  /** Strict arithmetic and plain kernels: the same bits on every machine (CPU), or on every run (GPU). */
  readonly deterministic?: boolean;
  /** Opens the CPU device where it is needed; a new one if left out. */
  readonly openCpu?: () => Promise<Device>;
}

/**
 * Opens the device that was chosen. `auto` takes a GPU where there is a real one, and otherwise says why it is the CPU: a
 * GPU that software simulates is many times slower. Throws a `DeviceError` where a device was asked for that is not there.
 */
export async function openDevice(
  choice: DeviceChoice,
  gpu: GPU | undefined,
  { deterministic = false, openCpu = () => createCpuDevice({ deterministic }) }: OpenOptions = {},
): Promise<OpenedDevice> {
  if (choice === "cpu") return { device: await openCpu(), reason: "as chosen" };
  const webgpu = gpu === undefined ? undefined : await loadWebGpu();
  const adapter = await webgpu?.requestAdapter(gpu).catch(() => undefined);
  if (choice === "webgpu") {
    if (webgpu !== undefined && adapter !== undefined) {
      return { device: await webgpu.createWebGpuDevice(adapter, { deterministic }), reason: "as chosen" };
    }
    throw new DeviceError(
      `device: got no WebGPU ${gpu === undefined ? "in this browser" : "adapter"}, expected one. ` +
        "Choose CPU, or use a browser and a graphics driver with WebGPU.",
    );
  }
  if (webgpu === undefined || adapter === undefined) return { device: await openCpu(), reason: "no WebGPU here" };
  if (webgpu.isSoftware(adapter.info)) {
    const reason = `its GPU is software (${webgpu.adapterName(adapter.info)}), slower than this`;
    return { device: await openCpu(), reason };
  }
  try {
    return { device: await webgpu.createWebGpuDevice(adapter, { deterministic }), reason: "a GPU is here" };
  } catch (error) {
    return { device: await openCpu(), reason: `the GPU did not open: ${(error as Error).message}` };
  }
}
