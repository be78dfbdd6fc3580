import type { Plan } from "../../engine/graph/program.ts";
import { formatCounted } from "../../lib/format.ts";
import type { Device, Machine } from "../device.ts";
import { createCpuMachine } from "./machine.ts";
import { createKernelModule } from "./module.ts";

export interface CpuOptions {
  /** Threads that compute, the calling one among them; as many as the machine bears if left out. */
  readonly threads?: number;
  /**
   * Rounds every product and every sum, so that a run's numbers are the same to the bit on every machine; slower where
   * the processor could fuse them. The order of all sums is fixed in any case, whatever the number of threads.
   */
  readonly deterministic?: boolean;
}

/**
 * The CPU device: the project's kernels in WebAssembly with 128-bit SIMD, on the calling thread and on helpers where
 * memory can be shared. Throws a `DeviceError` where SIMD is missing.
 */
export async function createCpuDevice({ threads, deterministic = false }: CpuOptions = {}): Promise<Device> {
  const module = await createKernelModule({ relaxed: !deterministic, ...(threads === undefined ? {} : { threads }) });
  return {
    kind: "cpu",
    label: `CPU · WebAssembly, ${formatCounted(module.threads, "thread")}`,
    software: false,
    lost: new Promise<string>(() => {}),
    get liveBytes() {
      return module.allocator.liveBytes;
    },
    async load<Name extends string>(plan: Plan<Name>): Promise<Machine<Name>> {
      return createCpuMachine(plan, module);
    },
    // Linear memory can be collected once nobody holds the device or a machine
    destroy: () => module.close(),
  };
}
