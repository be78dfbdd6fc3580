import { DeviceError } from "../device.ts";
import type { LinkedKernel } from "./linker.ts";

/** Compiles kernels, each combination of code, entry point and constants once. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #modules = new Map<string, GPUShaderModule>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Resolves with the pipeline, or rejects with the compiler's message and line. */
  get(kernel: LinkedKernel): Promise<GPUComputePipeline> {
    const key = JSON.stringify([kernel.code, kernel.entry, kernel.constants]);
    let pipeline = this.#pipelines.get(key);
    if (pipeline === undefined) {
      pipeline = this.#compile(kernel);
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  #module({ name, code }: LinkedKernel): GPUShaderModule {
    const known = this.#modules.get(code);
    if (known !== undefined) return known;
    // What is wrong with it comes back from the pipeline, with the line; it must not count as an error of the device.
    this.#device.pushErrorScope("validation");
    const module = this.#device.createShaderModule({ label: name, code });
    this.#device.popErrorScope().catch(() => undefined);
    this.#modules.set(code, module);
    return module;
  }

  async #compile(kernel: LinkedKernel): Promise<GPUComputePipeline> {
    const module = this.#module(kernel);
    try {
      return await this.#device.createComputePipelineAsync({
        label: kernel.name,
        layout: "auto",
        compute: { module, entryPoint: kernel.entry, constants: kernel.constants },
      });
    } catch (error) {
      const { messages } = await module.getCompilationInfo();
      const worst = messages.find(({ type }) => type === "error");
      const reason = worst === undefined ? String(error) : `line ${worst.lineNum}:${worst.linePos}: ${worst.message}`;
      throw new DeviceError(`${kernel.name}: got WGSL that does not compile, ${reason}. Try the CPU device.`, {
        cause: error,
      });
    }
  }
}
