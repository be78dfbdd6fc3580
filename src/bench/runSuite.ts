import { DeviceError } from "../devices/device.ts";
import { openDevice } from "../session/openDevice.ts";
import { type BenchDevice, benchDevices, deviceTitles } from "./kinds.ts";
import { measureLimits } from "./limits.ts";
import {
  type Bench,
  type Effort,
  measureFixedCosts,
  measureLosses,
  measureProduct,
  measureSplit,
  measureStep,
} from "./measure.ts";
import { failureOf, threadsOf } from "./openBench.ts";
import { makeProblem, type Problem } from "./problem.ts";
import type { DeviceFacts, Measurement, Missing } from "./report.ts";
import { CLASSES, INPUTS, type Suite } from "./suites.ts";

/** Examples that every network trains on; the largest batch takes all of them. */
const EXAMPLES = 4096;
/** A measurement that is expected to take more than this many budgets is left out. */
const PATIENCE = 5;
/** A step reads and updates all weights whatever its batch: as much work as this many examples. */
const WEIGHTS_WORK = 32;
/** Fewest runs of the work in one measurement: trial, warm-up and three rounds. */
const FEWEST_RUNS = 5;

export interface SuiteEvents {
  device(facts: DeviceFacts): void;
  measured(measurement: Measurement): void;
  /** `now` is what is measured next, for people. */
  progress(done: number, all: number, now: string): void;
}

export interface SuiteOptions {
  readonly suite: Suite;
  readonly gpu: GPU | undefined;
  readonly devices?: readonly BenchDevice[];
  readonly events: SuiteEvents;
}

/** One measurement to be made. `work` is its size relative to others of the same `series`. */
interface Task {
  readonly name: string;
  readonly bench: Bench;
  readonly series: string;
  readonly work: number;
  readonly run: () => Promise<Measurement>;
}

interface Opened extends Bench {
  readonly openMs: number;
}

/** Opens the devices that are there; the others become a `missing` each. */
async function openAll({ gpu, devices = benchDevices, events }: SuiteOptions): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  for (const kind of devices) {
    try {
      const started = performance.now();
      const { device } = await openDevice(kind, gpu);
      opened.push({ kind, device, openMs: performance.now() - started });
      const threads = threadsOf(device);
      const { label, software } = device;
      events.device({ kind, label, software, ...(threads === undefined ? {} : { threads }) });
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      events.measured({ kind: "missing", device: kind, reason: error.message });
    }
  }
  return opened;
}

/** What is measured before and after the two large tables. */
function singleTasks(benches: readonly Opened[], { suite, problem }: { suite: Suite; problem: Problem }) {
  const { split, budget, rounds } = suite;
  const single = (name: string, task: (bench: Opened) => Promise<Measurement>): readonly Task[] =>
    benches.map((bench) => ({
      name: `${name}, ${deviceTitles[bench.kind]}`,
      bench,
      series: `${name} ${bench.kind}`,
      work: 1,
      run: () => task(bench),
    }));
  return {
    before: [
      ...single("time to the first step", (bench) =>
        measureFixedCosts(bench, split, { problem, openMs: bench.openMs }),
      ),
      ...single("losses", (bench) => measureLosses(bench, split, problem)),
    ],
    limits: single("limits", ({ device }) => measureLimits(device, { budget, rounds })).filter(
      // The multiply-adds are WGSL: a CPU is held against its best product.
      ({ bench }) => bench.kind === "webgpu",
    ),
    after: single("kernels", (bench) => measureSplit(bench, split, { problem, effort: { budget, rounds } })),
  };
}

/** All training steps: the devices take turns, and the one that begins changes from setting to setting. */
function stepTasks(benches: readonly Bench[], { suite, problem }: { suite: Suite; problem: Problem }): readonly Task[] {
  const { widths, batches, budget, rounds } = suite;
  const effort: Effort = { budget, rounds };
  const settings = widths.flatMap((width) => batches.map((batch) => ({ width, batch })));
  return settings.flatMap((setting, index) =>
    inTurn(benches, index).map((bench) => ({
      name: `training step, width ${setting.width}, batch ${setting.batch}, ${deviceTitles[bench.kind]}`,
      bench,
      series: `step ${setting.width} ${bench.kind}`,
      work: setting.batch + WEIGHTS_WORK,
      run: () => measureStep(bench, setting, { problem, effort }),
    })),
  );
}

function productTasks(benches: readonly Bench[], { layouts, sizes, budget, rounds }: Suite): readonly Task[] {
  const products = layouts.flatMap((layout) => sizes.map((size) => ({ layout, size })));
  return products.flatMap((product, index) =>
    inTurn(benches, index).map((bench) => ({
      name: `matrix product ${product.layout}, ${product.size}, ${deviceTitles[bench.kind]}`,
      bench,
      series: `product ${product.layout} ${bench.kind}`,
      work: product.size ** 3,
      run: () => measureProduct(bench, product, { budget, rounds }),
    })),
  );
}

const inTurn = (benches: readonly Bench[], index: number): readonly Bench[] =>
  index % 2 === 0 ? benches : benches.toReversed();

/** Milliseconds of work per unit, from the last measurement of a series that was made. */
class Forecast {
  readonly #msPerWork = new Map<string, number>();

  learn({ series, work }: Task, measured: Measurement): void {
    if (measured.kind === "step") this.#msPerWork.set(series, measured.ms.median / work);
    if (measured.kind === "product") this.#msPerWork.set(series, (2 * work) / measured.gflops.median / 1e6 / work);
  }

  /** Why a task is left out, or `undefined` where it is not. The larger the work, the better devices are used: a bound. */
  refusal({ series, work, name, bench }: Task, budget: number): Missing | undefined {
    const expected = (this.#msPerWork.get(series) ?? 0) * work * FEWEST_RUNS;
    if (expected <= PATIENCE * budget) return undefined;
    const seconds = (expected / 1000).toFixed(1);
    return { kind: "missing", device: bench.kind, what: name, reason: `would take up to ${seconds} s` };
  }
}

/** A device that cannot do one thing, or is lost, does not end the suite: the reason takes the place of the numbers. */
async function attempt({ name, bench, run }: Task): Promise<Measurement> {
  try {
    return await Promise.race([run(), failureOf(bench.device)]);
  } catch (error) {
    return {
      kind: "missing",
      device: bench.kind,
      what: name,
      reason: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Makes all measurements of a suite, one after the other, on the devices that are there. */
export async function runSuite(options: SuiteOptions): Promise<void> {
  const { suite, events } = options;
  events.progress(0, 0, "the devices");
  const benches = await openAll(options);
  const problem = makeProblem(INPUTS, CLASSES, EXAMPLES);
  const { before, limits, after } = singleTasks(benches, { suite, problem });
  const tasks = [
    ...before,
    ...stepTasks(benches, { suite, problem }),
    ...productTasks(benches, suite),
    ...limits,
    ...after,
  ];
  const forecast = new Forecast();
  try {
    for (const [index, task] of tasks.entries()) {
      events.progress(index, tasks.length, task.name);
      const measured = forecast.refusal(task, suite.budget) ?? (await attempt(task));
      forecast.learn(task, measured);
      events.measured(measured);
    }
    events.progress(tasks.length, tasks.length, "");
  } finally {
    for (const { device } of benches) device.destroy();
  }
}
