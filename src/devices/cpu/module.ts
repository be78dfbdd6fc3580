import { relaxed, strict } from "virtual:cpu-kernels";
import { DeviceError } from "../device.ts";
import { Allocator } from "./allocator.ts";
import { type Helper, startHelpers, usualThreads } from "./helpers.ts";

export interface KernelOptions {
  /** Threads that run a program, the calling one among them; as many as the machine bears if left out. */
  readonly threads?: number;
  /** Whether products and sums may be fused where that is faster; yes if left out. */
  readonly relaxed?: boolean;
}

/** The WebAssembly module of the CPU kernels, with its linear memory and its threads. */
export interface KernelModule {
  readonly memory: WebAssembly.Memory;
  readonly allocator: Allocator;
  readonly threads: number;
  /** Whether products and sums are fused. */
  readonly isRelaxed: boolean;
  /** Index in the module's table of an exported function. Throws a `DeviceError` on a name that is not there. */
  indexOf(name: string): number;
  /** Runs a tape on this thread alone, or on all of them; see kernels/walk.ts. Throws a `DeviceError` where one traps. */
  run(tape: number, calls: number, times: number, threads: number): void;
  /** Ends the helpers' threads. */
  close(): void;
}

interface Exports {
  readonly table: WebAssembly.Table;
  heapBase(): number;
  teamBytes(): number;
  scratchBytes(): number;
  useTeam(start: number): void;
  useScratch(start: number): void;
  run: KernelModule["run"];
  help(part: number): void;
  dismiss(): void;
  disband(): void;
}

/** Exported functions that are no kernels. */
const services = [
  "heapBase",
  "teamBytes",
  "scratchBytes",
  "useTeam",
  "useScratch",
  "run",
  "help",
  "dismiss",
  "disband",
];

const CACHE_LINE = 64;
const MOST_PAGES = 65_536;
/** What a device with little address space may still grant: 1 GiB. */
const FEWER_PAGES = 16_384;

/** Compiles the kernels, gives them memory and threads. Throws a `DeviceError` where 128-bit SIMD is missing. */
export async function createKernelModule(options: KernelOptions = {}): Promise<KernelModule> {
  const { module, isRelaxed } = await compileKernels(options.relaxed ?? true);
  const memory = createMemory();
  // Signals lie at the front: these words have them also when the memory has grown
  const words = new Int32Array(memory.buffer);
  const sleep = (signal: number, value: number) => Atomics.wait(words, signal / 4, value);
  const wake = (signal: number) => Atomics.notify(words, signal / 4);
  const instance = await WebAssembly.instantiate(module, { env: { memory, sleep, wake } });
  const exported = instance.exports as unknown as Exports;
  const kernels = kernelNames(instance.exports);
  const indices = fillTable(exported.table, instance.exports, kernels);

  const wanted = options.threads ?? usualThreads();
  const team = Math.ceil(exported.heapBase() / CACHE_LINE) * CACHE_LINE;
  const scratchOf = (part: number) => team + exported.teamBytes() + part * exported.scratchBytes();
  exported.useTeam(team);
  exported.useScratch(scratchOf(0));
  const allocator = new Allocator(memory, scratchOf(wanted));
  const parts = Array.from({ length: wanted - 1 }, (_, index) => index + 1);
  const setups = parts.map((part) => ({ module, memory, kernels, team, scratch: scratchOf(part), part }));
  let helpers: readonly Helper[] = await startHelpers(setups);
  return {
    ...{ memory, allocator, isRelaxed, threads: 1 + helpers.length },
    indexOf: (name) => indices.get(name) ?? missingKernel(name, kernels),
    run(tape, calls, times, parts) {
      try {
        exported.run(tape, calls, times, parts);
      } catch (cause) {
        if (parts > 1) exported.disband();
        const what = `cpu: got "${String(cause)}" from a kernel, expected it to end`;
        throw new DeviceError(`${what}. Reload the page, or start again.`, { cause });
      }
    },
    close() {
      if (helpers.length > 0) exported.dismiss();
      helpers = [];
    },
  };
}

/** The relaxed build where it is wanted and the engine has relaxed SIMD, otherwise the strict one. */
async function compileKernels(wantsRelaxed: boolean): Promise<{ module: WebAssembly.Module; isRelaxed: boolean }> {
  const fused = wantsRelaxed ? await loaded(relaxed) : undefined;
  const isRelaxed = fused !== undefined && WebAssembly.validate(fused);
  const bytes = isRelaxed ? fused : await loaded(strict);
  try {
    return { module: await WebAssembly.compile(bytes), isRelaxed };
  } catch (cause) {
    throw new DeviceError(
      `cpu: got "${String(cause)}", expected WebAssembly with 128-bit SIMD. Use a browser from 2023 or later.`,
      { cause },
    );
  }
}

async function loaded<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new DeviceError(`cpu: its kernels did not load (${String(cause)}). Check the network and try again.`, {
      cause,
    });
  }
}

/** Shared also for a single thread: one build serves both. Only passing it on needs cross-origin isolation. */
function createMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  } catch {
    return new WebAssembly.Memory({ initial: 1, maximum: FEWER_PAGES, shared: true });
  }
}

const kernelNames = (exports: WebAssembly.Exports): readonly string[] =>
  Object.entries(exports).flatMap(([name, f]) => (typeof f === "function" && !services.includes(name) ? [name] : []));

/** Puts every kernel into the table, so that the tape can name it by a number. */
function fillTable(
  table: WebAssembly.Table,
  exports: WebAssembly.Exports,
  kernels: readonly string[],
): ReadonlyMap<string, number> {
  const first = table.grow(kernels.length);
  kernels.forEach((name, index) => {
    table.set(first + index, exports[name]);
  });
  return new Map(kernels.map((name, index) => [name, first + index]));
}

function missingKernel(name: string, kernels: readonly string[]): never {
  throw new DeviceError(
    `cpu: got kernel "${name}", expected one of ${[...kernels].sort().join(", ")}. Write it in kernels/.`,
  );
}
