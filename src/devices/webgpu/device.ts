import type { Plan } from "../../engine/graph/program.ts";
import { type Device, DeviceError } from "../device.ts";
import { WebGpuMachine } from "./machine.ts";
import { Pipelines } from "./pipelines.ts";
import { type Chooser, plainChooser, softwareChooser, TunedChooser } from "./tuner.ts";
import { defaultStore, type TuningStore } from "./tuningStore.ts";

/** Limits that large models need, asked for as far as the adapter has them. */
const wantedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
] as const;

const wantedFeatures = ["shader-f16", "subgroups", "timestamp-query"] as const satisfies readonly GPUFeatureName[];

/** Software drivers by name, for browsers that do not set `isFallbackAdapter`. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

export const isSoftware = ({ isFallbackAdapter, vendor, architecture, device, description }: GPUAdapterInfo): boolean =>
  isFallbackAdapter === true || softwareNames.test([vendor, architecture, device, description].join(" "));

/** The adapter in words: the driver's description where there is one, else vendor and architecture. */
export const adapterName = ({ vendor, architecture, device, description }: GPUAdapterInfo): string =>
  description || [vendor, architecture, device].filter((part) => part !== "").join(" ") || "unnamed GPU";

/** The GPU that WebGPU offers, or `undefined` where it offers none. */
export async function requestAdapter(gpu: GPU | undefined): Promise<GPUAdapter | undefined> {
  return (await gpu?.requestAdapter({ powerPreference: "high-performance" })) ?? undefined;
}

export interface WebGpuOptions {
  /** Pins the plain variant of every kernel, so that results do not depend on what was measured. */
  readonly deterministic?: boolean;
  /** Where what was measured is remembered; the browser's database, or memory, if left out. */
  readonly store?: TuningStore;
  /** Packs float16 into words also where the adapter has `shader-f16`. */
  readonly packsHalf?: boolean;
  /** Chooses the variants itself. */
  readonly chooser?: (device: GPUDevice) => Chooser;
}

/** Opens a WebGPU adapter. Throws a `DeviceError` where it gives no device. */
export async function createWebGpuDevice(adapter: GPUAdapter, options: WebGpuOptions = {}): Promise<Device> {
  const isWanted = (feature: GPUFeatureName) => !(options.packsHalf === true && feature === "shader-f16");
  const requiredFeatures = wantedFeatures.filter((feature) => adapter.features.has(feature) && isWanted(feature));
  const requiredLimits = Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]]));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits }).catch((cause: unknown) => {
    throw new DeviceError(
      `webgpu: got no device from ${adapterName(adapter.info)}, expected one. Try the CPU device.`,
      { cause },
    );
  });
  return new WebGpuDevice(device, adapter.info, chooserFor(device, adapter.info, options));
}

/** A GPU is measured; one in software is known to be slow in the same way everywhere. */
function chooserFor(device: GPUDevice, info: GPUAdapterInfo, options: WebGpuOptions): Chooser {
  const { deterministic = false, store = defaultStore(), chooser } = options;
  if (chooser !== undefined) return chooser(device);
  if (deterministic) return plainChooser;
  if (isSoftware(info)) return softwareChooser(device.features);
  // Kernels in float16 are others, with another speed, where two numbers share a word
  const half = device.features.has("shader-f16") ? "shader-f16" : "";
  const adapter = [info.vendor, info.architecture, info.device, info.description, half].join(" ");
  return new TunedChooser(device, { store, adapter });
}

class WebGpuDevice implements Device {
  readonly kind = "webgpu";
  readonly label: string;
  readonly software: boolean;
  readonly storesHalf = true;
  readonly lost: Promise<string>;
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #chooser: Chooser;
  readonly #machines = new Set<{ readonly bytes: number }>();

  constructor(device: GPUDevice, info: GPUAdapterInfo, chooser: Chooser) {
    this.#device = device;
    this.#chooser = chooser;
    this.#pipelines = new Pipelines(device);
    this.label = `WebGPU · ${adapterName(info)}`;
    this.software = isSoftware(info);
    this.lost = new Promise((resolve) => {
      // A validation error makes every later call a silent no-op whose results are zeros: as bad as a lost device.
      device.addEventListener("uncapturederror", ({ error }) => resolve(`error: ${error.message}`));
      device.lost.then(({ reason, message }) => {
        if (reason !== "destroyed") resolve(message || "the GPU was reset");
      });
    });
  }

  get liveBytes(): number {
    return [...this.#machines].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async load<Name extends string>(plan: Plan<Name>): Promise<WebGpuMachine<Name>> {
    const machines = this.#machines;
    const onDispose = (disposed: { readonly bytes: number }) => machines.delete(disposed);
    const machine = await WebGpuMachine.load(this.#device, {
      plan,
      pipelines: this.#pipelines,
      chooser: this.#chooser,
      onDispose,
    });
    machines.add(machine);
    machine.ready.catch(() => machine.dispose());
    return machine;
  }

  destroy(): void {
    this.#device.destroy();
  }
}
