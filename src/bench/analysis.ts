import { type BenchDevice, benchDevices, deviceTitles, type ProductLayout } from "./kinds.ts";
import type { DeviceLimits, LossCheck, Measurement, ProductRate, Report, StepSplit, StepTime } from "./report.ts";
import { formatMeasured } from "./wording.ts";

/** Losses of the two devices may differ by this fraction: rounding, carried through 50 steps. */
export const LOSS_TOLERANCE = 1e-3;

type Of<K extends Measurement["kind"]> = Extract<Measurement, { readonly kind: K }>;

/** The measurements of one kind, in their order. */
export const measurementsOf = <K extends Measurement["kind"]>(
  report: Pick<Report, "measurements">,
  kind: K,
): readonly Of<K>[] => report.measurements.filter((measurement): measurement is Of<K> => measurement.kind === kind);

/** The step times of a width by ascending batch size: one row per batch, a device that was not measured left out. */
export interface StepRow {
  readonly batch: number;
  readonly cpu?: StepTime;
  readonly webgpu?: StepTime;
  /** How many times faster the GPU is; below 1 the CPU is. */
  readonly speedUp?: number;
}

export function stepRows(report: Report, width: number): readonly StepRow[] {
  const times = measurementsOf(report, "step").filter((time) => time.width === width);
  const batches = [...new Set(times.map(({ batch }) => batch))].sort((a, b) => a - b);
  return batches.map((batch) => {
    const of = (device: BenchDevice) => times.find((time) => time.batch === batch && time.device === device);
    const [cpu, webgpu] = [of("cpu"), of("webgpu")];
    return {
      batch,
      ...(cpu && { cpu }),
      ...(webgpu && { webgpu }),
      ...(cpu && webgpu && { speedUp: cpu.ms.median / webgpu.ms.median }),
    };
  });
}

/** Where the curves of the two devices cross. */
export interface Crossover {
  /** Batch size, between two measured ones, where both take equally long. */
  readonly batch: number;
  /** Milliseconds of a step there. */
  readonly ms: number;
  /** Who is faster at larger batches. */
  readonly winner: BenchDevice;
}

/** The last crossing of the two curves, interpolated on log axes; `undefined` where one device is always faster. */
export function crossoverOf(rows: readonly StepRow[]): Crossover | undefined {
  const both = rows.filter(({ speedUp }) => speedUp !== undefined);
  const gain = (row: StepRow | undefined) => Math.log(row?.speedUp ?? Number.NaN);
  const after = both.findLastIndex((row, index) => index > 0 && gain(row) > 0 !== gain(both[index - 1]) > 0);
  const [left, right] = [both[after - 1], both[after]];
  if (left?.cpu === undefined || right?.cpu === undefined) return undefined;
  const t = gain(left) / (gain(left) - gain(right));
  const between = (a: number, b: number) => Math.exp(Math.log(a) + t * (Math.log(b) - Math.log(a)));
  return {
    batch: between(left.batch, right.batch),
    ms: between(left.cpu.ms.median, right.cpu.ms.median),
    winner: gain(right) > 0 ? "webgpu" : "cpu",
  };
}

const times = (factor: number) => `${formatMeasured(factor, factor < 10 ? 2 : 3)} times`;

/** The result in words: first what matters most, then a number. */
export function headline(report: Report, width: number): { readonly claim: string; readonly detail: string } {
  const rows = stepRows(report, width);
  const last = rows.findLast(({ speedUp }) => speedUp !== undefined);
  if (last?.speedUp === undefined) return loneHeadline(report, rows);
  const faster = last.speedUp > 1 ? "GPU" : "CPU";
  const factor = Math.max(last.speedUp, 1 / last.speedUp);
  const gain = `At batch ${last.batch.toLocaleString("en-US")} the ${faster} trains ${times(factor)} faster.`;
  const isSimulated = report.devices.some(({ software }) => software);
  const detail = isSimulated ? `${gain} This GPU is simulated by software.` : gain;
  const crossing = crossoverOf(rows);
  if (crossing === undefined) return { claim: `The ${faster} is faster at every batch size measured.`, detail };
  const [first, second] = crossing.winner === "webgpu" ? ["GPU", "CPU"] : ["CPU", "GPU"];
  return { claim: `The ${first} overtakes the ${second} at batch ${formatMeasured(crossing.batch, 2)}.`, detail };
}

/** Nothing to compare yet, or one device alone. */
function loneHeadline(report: Report, rows: readonly StepRow[]): ReturnType<typeof headline> {
  const measured = benchDevices.filter((device) => rows.some((row) => row[device] !== undefined));
  const [only, another] = measured;
  if (only === undefined || another !== undefined)
    return { claim: "No comparison yet.", detail: "No batch size was measured on both devices." };
  const other = measurementsOf(report, "missing").find(({ device, what }) => device !== only && what === undefined);
  const last = rows.at(-1)?.[only];
  const time =
    last && `A step takes ${formatMeasured(last.ms.median)} ms at batch ${last.batch.toLocaleString("en-US")}.`;
  const why = other && "What was not measured is listed, with the reason.";
  const detail = [time, why].filter((sentence) => sentence !== undefined).join(" ");
  return { claim: `Only the ${deviceTitles[only]} is measured here.`, detail };
}

/** What a device's products are held against, in GFLOP/s. */
export interface Peak {
  readonly gflops: number;
  /** By a kernel that does nothing else, or the best product where there is none, or where that was faster. */
  readonly from: "multiply-adds" | "best product";
}

export function peakOf(report: Report, device: BenchDevice): Peak | undefined {
  const rates = measurementsOf(report, "product").filter((rate) => rate.device === device);
  const best = Math.max(0, ...rates.map(({ gflops }) => gflops.median));
  const limit = limitsOf(report, device)?.gflops.median ?? 0;
  if (limit > best) return { gflops: limit, from: "multiply-adds" };
  return best > 0 ? { gflops: best, from: "best product" } : undefined;
}

export const limitsOf = (report: Report, device: BenchDevice): DeviceLimits | undefined =>
  measurementsOf(report, "limits").find((limits) => limits.device === device);

export const productRates = (report: Report, device: BenchDevice, layout: ProductLayout): readonly ProductRate[] =>
  measurementsOf(report, "product").filter((rate) => rate.device === device && rate.layout === layout);

/** One kernel of the step on both devices. */
export interface KernelRow {
  readonly number: number;
  readonly kernel: string;
  readonly move: string;
  readonly cpu?: number;
  readonly webgpu?: number;
}

export const splitOf = (report: Report, device: BenchDevice): StepSplit | undefined =>
  measurementsOf(report, "split").find((split) => split.device === device);

/** The kernels of the step side by side. Both devices run the same program, so their calls are the same. */
export function kernelRows(report: Report): readonly KernelRow[] {
  const [cpu, webgpu] = [splitOf(report, "cpu"), splitOf(report, "webgpu")];
  const kernels = (cpu ?? webgpu)?.kernels ?? [];
  return kernels.map(({ kernel, move }, index) => {
    const [onCpu, onGpu] = [cpu?.kernels[index]?.ms, webgpu?.kernels[index]?.ms];
    return {
      number: index + 1,
      kernel,
      move,
      ...(onCpu === undefined ? {} : { cpu: onCpu }),
      ...(onGpu === undefined ? {} : { webgpu: onGpu }),
    };
  });
}

/** Milliseconds of a step that no kernel accounts for: launching and waiting. */
export const restOf = ({ stepMs, kernels }: StepSplit): number =>
  Math.max(0, stepMs - kernels.reduce((sum, { ms }) => sum + ms, 0));

/** Milliseconds of each move of a step. */
export function moveTimes({ kernels }: StepSplit): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { move, ms } of kernels) sums.set(move, (sums.get(move) ?? 0) + ms);
  return sums;
}

/** The losses of both devices, and the largest difference between them as a fraction. */
export interface LossAgreement {
  readonly checks: readonly LossCheck[];
  /** `undefined` where only one device was measured. */
  readonly difference?: number;
}

export function lossAgreement(report: Report): LossAgreement {
  const checks = measurementsOf(report, "losses");
  const [a, b] = checks;
  if (a === undefined || b === undefined) return { checks };
  const differences = a.losses.map((loss, index) => Math.abs(loss - (b.losses[index] ?? Number.NaN)) / Math.abs(loss));
  return { checks, difference: Math.max(...differences) };
}
