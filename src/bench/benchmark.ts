import type { Device } from "../devices/device.ts";
import { repetitionsFor, timeRounds } from "./clock.ts";
import type { ProductLayout } from "./kinds.ts";
import { adapterOf, threadsOf, withDevice } from "./openBench.ts";
import { checkOptions, type MatmulOptions, type MatmulResult, type MlpOptions, type MlpResult } from "./options.ts";
import { makeProblem, type Problem } from "./problem.ts";
import { loadProduct } from "./product.ts";
import { loadTraining } from "./training.ts";

/** Milliseconds that a round of products takes. */
const PRODUCT_ROUND_MS = 200;

/**
 * Measures one training step or one matrix product, on a device that is opened for it, so that the time to the first
 * step has all that a visitor waits for. Rejects with a message that names what cannot be served.
 */
export async function benchmark(given: unknown, gpu: GPU | undefined): Promise<MlpResult | MatmulResult> {
  const options = checkOptions(given);
  if (options.kind === "matmul") return withDevice(options.device, gpu, (device) => measureProduct(device, options));
  const { layers, examples } = options;
  const problem = makeProblem(layers[0] ?? 0, layers.at(-1) ?? 0, examples);
  const called = performance.now();
  return withDevice(options.device, gpu, (device) => measureTraining(device, options, { problem, called }));
}

async function measureTraining(
  device: Device,
  options: MlpOptions,
  { problem, called }: { readonly problem: Problem; readonly called: number },
): Promise<MlpResult> {
  const { warmupSteps, steps, rounds } = options;
  const training = await loadTraining(device, options, { problem });
  let last = await training.train(1);
  const firstStepMs = performance.now() - called;
  if (warmupSteps > 1) last = await training.train(warmupSteps - 1);
  const loss = [last];
  const msPerStep = await timeRounds(rounds, steps, async (count) => {
    loss.push(await training.train(count));
  });
  const [threads, adapter] = [threadsOf(device), adapterOf(device)];
  return {
    msPerStep,
    firstStepMs,
    loss,
    parameters: training.parameters,
    dispatchesPerStep: training.calls.length,
    ...(threads === undefined ? {} : { threads }),
    ...(adapter === undefined ? {} : { adapter }),
  };
}

/** How the factors of a product lie: at most one of them is transposed. */
export function layoutOf({ transposeA, transposeB }: MatmulOptions): ProductLayout {
  if (transposeA === true) return "TN";
  return transposeB === true ? "NT" : "NN";
}

async function measureProduct(device: Device, options: MatmulOptions): Promise<MatmulResult> {
  const { m, n, k, rounds } = options;
  const product = await loadProduct(device, { m, n, k, layout: layoutOf(options) });
  const repetitions = await repetitionsFor(PRODUCT_ROUND_MS, product.multiply);
  const ms = await timeRounds(rounds, repetitions, product.multiply);
  return { ms, gflops: ms.map((time) => (2 * m * n * k) / time / 1e6) };
}
