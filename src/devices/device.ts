import type { Move, Plan } from "../engine/graph/program.ts";
import type { Tensor } from "../engine/graph/tensor.ts";

/** Runs programs. There are two, and a third, slow one in float64 for the tests. */
export interface Device {
  readonly kind: "webgpu" | "cpu" | "reference";
  /** For people: "WebGPU · NVIDIA H200", "CPU · WebAssembly, 1 thread". */
  readonly label: string;
  /** A GPU that is simulated on the CPU, and slower than the CPU device. */
  readonly software: boolean;
  /** Whether tensors can have the types f16 and bf16; no if left out. */
  readonly storesHalf?: boolean;
  /** Bytes of device memory that loaded plans hold. */
  readonly liveBytes: number;
  /** Resolves with the reason when the device is lost for good; never for a device that cannot be lost. */
  readonly lost: Promise<string>;
  /**
   * Allocates a plan's memory, all zeros but the tables, and compiles its kernels, which may go on afterwards: see
   * `Machine.ready`. Throws a `DeviceError`.
   */
  load<Name extends string>(plan: Plan<Name>): Promise<Machine<Name>>;
  /** Gives the device back; machines loaded on it must not be used any more. */
  destroy(): void;
}

/** Which part of a tensor: a replica's copy, and `count` elements of it from the start. */
export interface Part {
  readonly replica?: number;
  readonly count?: number;
}

/** A plan on a device, ready to run. Everything happens in the order of the calls; only `read` waits. */
export interface Machine<Name extends string = string> {
  /**
   * Resolves when the first program is compiled; rejects with a `DeviceError`, as every `read` does from then on. Nobody
   * has to wait for it: values are best written meanwhile. Not there where `load` itself compiles.
   */
  readonly ready?: Promise<void>;
  /** Copies values to the start of a tensor. */
  write(tensor: Tensor, values: Float32Array | Uint32Array, part?: Pick<Part, "replica">): void;
  /** Runs a program `times` times in a row. */
  run(program: Name, times: number): void;
  /** The tensor's elements once all that was asked for before is done, as bits of float32 also where they are u32. */
  read(tensor: Tensor, part?: Part): Promise<Float32Array<ArrayBuffer>>;
  /**
   * Runs a program `times` times, as `run` does, and resolves with the mean time of each of its calls, in their order.
   * Not there where the device cannot time single calls.
   */
  profile?(program: Name, times: number): Promise<readonly CallTime[]>;
  /** Frees the memory. */
  dispose(): void;
}

/** How long one call of a program takes on a device. */
export interface CallTime {
  readonly kernel: string;
  /** Which of the kernel's implementations the device chose, where it has several. */
  readonly variant?: string;
  readonly move: Move;
  readonly milliseconds: number;
}

/** A device that could not do what was asked: no adapter, too little memory, a kernel that does not compile, a loss. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}
