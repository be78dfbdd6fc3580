import { benchmark } from "./benchmark.ts";
import { describeEnvironment } from "./environment.ts";
import type { BenchEvent, BenchRequest } from "./protocol.ts";
import { runSuite } from "./runSuite.ts";
import { suites } from "./suites.ts";

const { gpu } = navigator;
const emit = (event: BenchEvent): void => self.postMessage(event);

async function serve(request: BenchRequest): Promise<void> {
  const { id } = request;
  try {
    if (request.type === "benchmark") {
      emit({ id, type: "result", result: await benchmark(request.options, gpu) });
      return;
    }
    emit({ id, type: "environment", environment: await describeEnvironment(gpu) });
    await runSuite({
      suite: suites[request.suite],
      gpu,
      events: {
        device: (facts) => emit({ id, type: "device", facts }),
        measured: (measurement) => emit({ id, type: "measured", measurement }),
        progress: (done, all, now) => emit({ id, type: "progress", done, all, now }),
      },
    });
    emit({ id, type: "done" });
  } catch (error) {
    emit({ id, type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

let queue: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<BenchRequest>) => {
  queue = queue.then(() => serve(data));
};
