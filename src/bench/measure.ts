import type { Device } from "../devices/device.ts";
import { elapsed, repetitionsFor, type Spread, spreadOf, timeRounds } from "./clock.ts";
import type { BenchDevice, ProductLayout } from "./kinds.ts";
import { ratesOf } from "./limits.ts";
import type { Problem } from "./problem.ts";
import { loadProduct } from "./product.ts";
import type { FixedCosts, KernelTime, LossCheck, ProductRate, StepSetting, StepSplit, StepTime } from "./report.ts";
import { layersOf } from "./suites.ts";
import { loadTraining, type Training } from "./training.ts";
import { workOf } from "./work.ts";

const LEARNING_RATE = 1e-3;
const ACTIVATION = "relu";
/** Steps after which the losses of the devices are compared. */
const COMPARED_STEPS = [1, 10, 50] as const;
/** Fewest rounds whose percentiles say something, for work that takes longer than its budget. */
const FEWEST_ROUNDS = 3;
/** Times that a submission and a read-back are repeated. */
const WAITS = 20;

export interface Effort {
  /** Milliseconds of one measurement. */
  readonly budget: number;
  readonly rounds: number;
}

/** A device under measurement. */
export interface Bench {
  readonly kind: BenchDevice;
  readonly device: Device;
}

const shapeOf = (setting: StepSetting) => ({
  layers: layersOf(setting),
  batchSize: setting.batch,
  activation: ACTIVATION,
  learningRate: LEARNING_RATE,
});

/** Times work that is repeated, in rounds that fill the budget. */
async function timeSpread({ budget, rounds }: Effort, run: (times: number) => Promise<unknown>): Promise<Spread> {
  const repetitions = await repetitionsFor(budget / rounds, run);
  const first = await elapsed(() => run(repetitions));
  const affordable = Math.max(FEWEST_ROUNDS, Math.min(rounds, Math.floor(budget / Math.max(first, 1e-3))));
  return spreadOf(await timeRounds(affordable, repetitions, run));
}

/** Loads a training, uses it, and frees it. */
async function withTraining<T>(
  { device }: Bench,
  setting: StepSetting,
  { problem, alone = false, use }: { problem: Problem; alone?: boolean; use: (training: Training) => Promise<T> },
): Promise<T> {
  const training = await loadTraining(device, shapeOf(setting), { problem, alone });
  try {
    return await use(training);
  } finally {
    training.dispose();
  }
}

/** Time of one training step. */
export async function measureStep(
  bench: Bench,
  setting: StepSetting,
  { problem, effort }: { readonly problem: Problem; readonly effort: Effort },
): Promise<StepTime> {
  const ms = await withTraining(bench, setting, {
    problem,
    use: (training) => timeSpread(effort, (steps) => training.train(steps)),
  });
  return { kind: "step", device: bench.kind, ...setting, ms };
}

/** Speed of one square matrix product. */
export async function measureProduct(
  bench: Bench,
  { layout, size }: { readonly layout: ProductLayout; readonly size: number },
  effort: Effort,
): Promise<ProductRate> {
  const product = await loadProduct(bench.device, { m: size, n: size, k: size, layout });
  try {
    const gflops = ratesOf(await timeSpread(effort, product.multiply), 2 * size ** 3);
    return { kind: "product", device: bench.kind, layout, size, gflops };
  } finally {
    product.dispose();
  }
}

/** Losses of one training from its start. */
export async function measureLosses(bench: Bench, setting: StepSetting, problem: Problem): Promise<LossCheck> {
  const losses = await withTraining(bench, setting, {
    problem,
    use: async (training) => {
      const reached: number[] = [];
      let done = 0;
      for (const step of COMPARED_STEPS) {
        reached.push(await training.train(step - done));
        done = step;
      }
      return reached;
    },
  });
  return { kind: "losses", device: bench.kind, ...setting, steps: COMPARED_STEPS, losses };
}

/** Where the time of a step goes: each kernel by the device's clock, or repeated alone where it has none. */
export function measureSplit(
  bench: Bench,
  setting: StepSetting,
  { problem, effort }: { readonly problem: Problem; readonly effort: Effort },
): Promise<StepSplit> {
  return withTraining(bench, setting, {
    problem,
    alone: true,
    use: async (training) => {
      const { median: stepMs } = await timeSpread(effort, (steps) => training.train(steps));
      const steps = Math.max(1, Math.round(effort.budget / stepMs));
      const profiled = await training.profile(steps);
      const times = profiled ?? (await timeAlone(training, effort));
      const kernels = training.calls.map(
        (call, index): KernelTime => ({
          kernel: call.kernel.name,
          move: call.move,
          ms: times[index] ?? Number.NaN,
          ...workOf(call),
        }),
      );
      const clock = profiled === undefined ? "alone" : "device";
      return { kind: "split", device: bench.kind, ...setting, stepMs, kernels, clock };
    },
  });
}

async function timeAlone(training: Training, { budget }: Effort): Promise<readonly number[]> {
  const times: number[] = [];
  const target = budget / 4;
  for (const index of training.calls.keys()) {
    const run = (count: number) => training.runAlone(index, count);
    const repetitions = await repetitionsFor(target, run);
    times.push(spreadOf(await timeRounds(FEWEST_ROUNDS, repetitions, run)).median);
  }
  return times;
}

/** Costs that do not depend on the size of the work. The device was opened `openMs` milliseconds ago, for this. */
export function measureFixedCosts(
  bench: Bench,
  setting: StepSetting,
  { problem, openMs }: { readonly problem: Problem; readonly openMs: number },
): Promise<FixedCosts> {
  const started = performance.now();
  return withTraining(bench, setting, {
    problem,
    alone: true,
    use: async (training) => {
      await training.train(1);
      const firstStepMs = openMs + performance.now() - started;
      const smallest = training.calls.findIndex(({ kernel, constants }) => kernel.invocations(constants)[0] === 1);
      const submitMs = await timeRounds(WAITS, 1, () => training.runAlone(Math.max(0, smallest), 1));
      const readMs = await timeRounds(WAITS, 1, () => training.wait());
      const spreads = { submitMs: spreadOf(submitMs), readMs: spreadOf(readMs) };
      return { kind: "fixed", device: bench.kind, firstStepMs, ...spreads };
    },
  });
}
