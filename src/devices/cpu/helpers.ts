import source from "./helper.js?raw";

/** What a helper needs to build its instance of the kernels; see helper.js. */
export interface HelperSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Names of the kernels in the order of the table. */
  readonly kernels: readonly string[];
  /** Byte addresses of what the threads share, and of this one's scratch. */
  readonly team: number;
  readonly scratch: number;
  /** Which part of the work it does, from 1 on. */
  readonly part: number;
}

/** A thread that waits in WebAssembly for work. */
export interface Helper {
  terminate(): void;
}

/** More threads than this wait for each other longer than they help, in networks of the sizes that fit a page. */
const MOST_THREADS = 8;
/** A processor is left to the page and the browser where there are more than this many. */
const FEW_PROCESSORS = 4;
const START_MS = 10_000;

const isNode = typeof process !== "undefined" && process.versions?.node !== undefined;

/**
 * How many threads the CPU device takes: one where memory cannot be shared (the page is not cross-origin isolated) and
 * on a page's own thread, which must not wait.
 */
export function usualThreads(): number {
  if (!isNode && (!globalThis.crossOriginIsolated || typeof document !== "undefined")) return 1;
  const processors = isNode
    ? process.getBuiltinModule("node:os").availableParallelism()
    : globalThis.navigator.hardwareConcurrency;
  return Math.max(1, Math.min(MOST_THREADS, processors > FEW_PROCESSORS ? processors - 1 : processors));
}

/** Starts helpers, and resolves when all are ready; with none where one does not start, since fewer do as well. */
export async function startHelpers(setups: readonly HelperSetup[]): Promise<readonly Helper[]> {
  const start = isNode ? startInNode : startInBrowser;
  const started = await Promise.allSettled(setups.map((setup) => start(setup)));
  const helpers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (helpers.length === setups.length) return helpers;
  for (const helper of helpers) helper.terminate();
  return [];
}

function startInBrowser(setup: HelperSetup): Promise<Helper> {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url);
  return new Promise<Helper>((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = ({ message }) => reject(new Error(message));
    setTimeout(reject, START_MS, new Error(`helper: got no answer for ${START_MS} ms`));
    worker.postMessage(setup);
  })
    .catch((error: unknown) => {
      worker.terminate();
      throw error;
    })
    .finally(() => URL.revokeObjectURL(url));
}

function startInNode(setup: HelperSetup): Promise<Helper> {
  const { Worker: NodeWorker } = process.getBuiltinModule("node:worker_threads");
  const worker = new NodeWorker(source, { eval: true });
  const ready = new Promise<Helper>((resolve, reject) => {
    worker.once("message", () => resolve({ terminate: () => void worker.terminate() }));
    worker.once("error", reject);
    worker.postMessage(setup);
  });
  // A helper that waits must not keep the process
  return ready.finally(() => worker.unref());
}
