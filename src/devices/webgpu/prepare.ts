import type { Pass, Variant } from "../../engine/graph/kernel.ts";
import type { Call } from "../../engine/graph/program.ts";
import { DeviceError } from "../device.ts";
import type { PlanBuffers } from "./buffers.ts";
import type { Dispatch } from "./dispatch.ts";
import { type LinkedKernel, linkCall, plainVariant, SCRATCH } from "./linker.ts";
import type { Pipelines } from "./pipelines.ts";
import type { Chooser } from "./tuner.ts";

const MAX_WORKGROUPS = 65_535;

/** A call with the variant that was chosen for it, ready to be encoded. */
export interface Prepared {
  readonly call: Call;
  readonly variant: Variant;
  readonly dispatches: readonly Dispatch[];
}

/** Makes dispatches of calls: chooses variants, compiles, and binds memory. */
export class Preparer {
  readonly #device: GPUDevice;
  readonly #buffers: PlanBuffers;
  readonly #pipelines: Pipelines;
  readonly #chooser: Chooser;
  readonly #replicas: number;
  #variants: ReadonlyMap<Call, Variant> = new Map();

  constructor(
    device: GPUDevice,
    buffers: PlanBuffers,
    { pipelines, chooser, replicas }: { pipelines: Pipelines; chooser: Chooser; replicas: number },
  ) {
    this.#device = device;
    this.#buffers = buffers;
    this.#pipelines = pipelines;
    this.#chooser = chooser;
    this.#replicas = replicas;
  }

  /** Chooses the variants of calls, while the plan's memory holds nothing yet. The others take the plain ones. */
  async choose(calls: readonly Call[]): Promise<void> {
    const trial = {
      buffers: this.#buffers,
      dispatchesOf: (call: Call, variant: Variant) => this.dispatchesOf(call, variant),
    };
    this.#variants = await this.#chooser.choose(calls, trial);
  }

  /** All kernels compile side by side. Throws a `DeviceError`. */
  prepare(calls: readonly Call[]): Promise<readonly Prepared[]> {
    return Promise.all(
      calls.map(async (call) => {
        const variant = this.#variants.get(call) ?? plainVariant(call.kernel);
        return { call, variant, dispatches: await this.dispatchesOf(call, variant) };
      }),
    );
  }

  /** The passes of one variant of a call. */
  async dispatchesOf(call: Call, variant: Variant): Promise<readonly Dispatch[]> {
    this.#buffers.reserveScratch(variant.scratch?.(call.constants) ?? 0);
    const hasHalf = this.#device.features.has("shader-f16");
    const linked = linkCall(call, variant, { replicas: this.#replicas, hasHalf });
    const compiled = await Promise.all(linked.map((kernel) => this.#pipelines.get(kernel)));
    return Promise.all(
      variant.passes.map(async (pass, index): Promise<Dispatch> => {
        const [pipeline, kernel] = [compiled[index], linked[index]];
        if (pipeline === undefined || kernel === undefined) throw new RangeError("passes and kernels differ in number");
        return {
          pipeline,
          bindGroup: await this.#bind(call, kernel, pipeline),
          grid: gridOf(call, pass, this.#replicas),
        };
      }),
    );
  }

  async #bind(call: Call, kernel: LinkedKernel, pipeline: GPUComputePipeline): Promise<GPUBindGroup> {
    this.#device.pushErrorScope("validation");
    const entries = [...kernel.bindings].map(([name, binding]) => ({ binding, resource: this.#view(call, name) }));
    const bindGroup = this.#device.createBindGroup({
      label: kernel.name,
      layout: pipeline.getBindGroupLayout(0),
      entries,
    });
    const error = await this.#device.popErrorScope();
    if (error === null) return bindGroup;
    throw new DeviceError(`${kernel.name}: got "${error.message}", expected bindings that fit. Try the CPU device.`);
  }

  #view(call: Call, name: string): GPUBufferBinding {
    const tensor = call.bindings[name];
    if (tensor !== undefined) return this.#buffers.view(tensor);
    if (name === SCRATCH && this.#buffers.scratch !== undefined) return { buffer: this.#buffers.scratch };
    throw new Error(`${call.kernel.name}: got no tensor for "${name}", expected one.`);
  }
}

function gridOf({ kernel, constants }: Call, { invocations, workgroup }: Pass, replicas: number): Dispatch["grid"] {
  const [x, y] = invocations(constants);
  const grid = [Math.ceil(x / workgroup[0]), Math.ceil(y / workgroup[1]), replicas] as const;
  if (Math.max(...grid) > MAX_WORKGROUPS) {
    throw new DeviceError(
      `${kernel.name}: got a grid of ${grid.join(" x ")} workgroups, expected at most ${MAX_WORKGROUPS} a side. ` +
        "Make the model or the batch smaller.",
    );
  }
  return grid;
}
