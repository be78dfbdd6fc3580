import type { MatmulResult, MlpResult } from "./options.ts";
import type { BenchEvent, BenchRequest } from "./protocol.ts";
import type { SuiteName } from "./suites.ts";

/** The page's end of the worker: asks, and hands on what it is told. */
export interface BenchClient {
  /** See `benchmark.ts`. Rejects with the worker's message. */
  benchmark(options: unknown): Promise<MlpResult | MatmulResult>;
  /** Starts a suite; `listen` gets its events, the last of them `done` or `failed`. */
  runSuite(suite: SuiteName, listen: (event: BenchEvent) => void): void;
  /** Ends the worker with all that it does; a new one takes its place. What was asked for fails. */
  stop(): void;
}

export function createBenchClient(startWorker: () => Worker): BenchClient {
  const listeners = new Map<number, (event: BenchEvent) => void>();
  let lastId = 0;
  let worker = start();

  function start(): Worker {
    const started = startWorker();
    started.onmessage = ({ data }: MessageEvent<BenchEvent>) => listeners.get(data.id)?.(data);
    started.onerror = ({ message }) => failAll(message);
    return started;
  }
  function failAll(message: string): void {
    for (const [id, listen] of listeners) listen({ id, type: "failed", message });
    listeners.clear();
  }
  function ask(request: (id: number) => BenchRequest, listen: (event: BenchEvent) => void): void {
    const id = ++lastId;
    listeners.set(id, (event) => {
      if (event.type === "result" || event.type === "failed" || event.type === "done") listeners.delete(id);
      listen(event);
    });
    worker.postMessage(request(id));
  }
  return {
    benchmark: (options) =>
      new Promise((resolve, reject) => {
        ask(
          (id) => ({ type: "benchmark", id, options }),
          (event) => {
            if (event.type === "result") resolve(event.result);
            if (event.type === "failed") reject(new Error(event.message));
          },
        );
      }),
    runSuite(suite, listen) {
      ask((id) => ({ type: "suite", id, suite }), listen);
    },
    stop() {
      worker.terminate();
      worker = start();
      failAll("The measurement was stopped.");
    },
  };
}
