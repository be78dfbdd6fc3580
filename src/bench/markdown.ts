import { formatBytes, formatPercent, formatReading, formatSetting } from "../lib/format.ts";
import {
  crossoverOf,
  headline,
  kernelRows,
  LOSS_TOLERANCE,
  lossAgreement,
  measurementsOf,
  moveTimes,
  peakOf,
  productRates,
  restOf,
  splitOf,
  stepRows,
} from "./analysis.ts";
import type { Spread } from "./clock.ts";
import { benchDevices, deviceTitles, layouts } from "./kinds.ts";
import type { Report } from "./report.ts";
import { networkName, suites } from "./suites.ts";
import { formatMeasured } from "./wording.ts";

type Row = readonly string[];

/** A Markdown table; all columns but the first are numbers. */
function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? ":--" : "--:"))), ...rows.map(line)].join("\n");
}

const time = (ms: number | undefined) => formatMeasured(ms);
const range = ({ low, high }: Spread) => `${formatMeasured(low)} – ${formatMeasured(high)}`;
const spread = (value: Spread | undefined): Row =>
  value === undefined ? ["–", "–"] : [formatMeasured(value.median), range(value)];

function environmentLines({ environment, devices, suite }: Report): readonly string[] {
  const { adapter, features, bufferLimit, cores, browser, isolated } = environment;
  const names = devices.map(({ label, software }) => (software ? `${label} (software, runs on the CPU)` : label));
  return [
    `- devices: ${names.join("; ") || "none"}`,
    `- adapter: ${adapter ?? "none"}${features === undefined ? "" : `, features: ${features.join(", ") || "none"}`}`,
    ...(bufferLimit === undefined ? [] : [`- buffer limit: ${formatBytes(bufferLimit)}`]),
    `- processor: ${cores ?? "?"} cores; ${isolated ? "shared memory" : "no shared memory: the page is not cross-origin isolated"}`,
    `- browser: ${browser}`,
    `- suite: ${suites[suite].label}; medians, and 10th to 90th percentile over repeated rounds`,
  ];
}

function stepSection(report: Report, width: number): string {
  const rows = stepRows(report, width);
  const crossing = crossoverOf(rows);
  const cells = rows.map(({ batch, cpu, webgpu, speedUp }) => [
    String(batch),
    ...spread(cpu?.ms),
    ...spread(webgpu?.ms),
    formatMeasured(speedUp, 2),
  ]);
  return [
    `### Training step, ${networkName(width)}, Adam, float32: milliseconds`,
    "",
    table(["batch", "CPU", "10 – 90 %", "WebGPU", "10 – 90 %", "CPU ÷ WebGPU"], cells),
    ...(crossing === undefined
      ? []
      : [
          "",
          `Equal at batch ${formatMeasured(crossing.batch, 2)}; above, the ${deviceTitles[crossing.winner]} is faster.`,
        ]),
  ].join("\n");
}

function productSection(report: Report): string {
  const rows = benchDevices.flatMap((device) => {
    const peak = peakOf(report, device)?.gflops;
    return layouts.flatMap((layout) =>
      productRates(report, device, layout).map(({ size, gflops }) => [
        deviceTitles[device],
        layout,
        String(size),
        ...spread(gflops),
        formatPercent(gflops.median / (peak ?? gflops.median)),
      ]),
    );
  });
  const peaks = benchDevices.flatMap((device) => {
    const peak = peakOf(report, device);
    return peak === undefined ? [] : `${deviceTitles[device]}: peak ${formatMeasured(peak.gflops)} by its ${peak.from}`;
  });
  return [
    "### Matrix products, float32: GFLOP/s",
    "",
    table(["device", "layout", "n × n × n", "GFLOP/s", "10 – 90 %", "of the peak"], rows),
    "",
    `${peaks.join("; ")}.`,
  ].join("\n");
}

/** Every kernel of the step beside what the device can do at most. */
function limitsSection(report: Report): string {
  return measurementsOf(report, "limits")
    .flatMap(({ device, gflops, gigabytes }) => {
      const kernels = splitOf(report, device)?.kernels ?? [];
      const share = (rate: number, most: number) => `${formatMeasured(rate)} (${formatPercent(rate / most)})`;
      const rows = kernels.map(({ kernel, ms, flop, bytes }, index) => [
        `${index + 1} ${kernel}`,
        formatMeasured(ms),
        flop === undefined ? "–" : share(flop / ms / 1e6, gflops.median),
        share(bytes / ms / 1e6, gigabytes.median),
      ]);
      return [
        `### Kernels of the step beside the limits, ${deviceTitles[device]}`,
        "",
        `Measured limits: ${formatMeasured(gflops.median)} GFLOP/s of multiply-adds, ${formatMeasured(gigabytes.median)} GB/s of copying.`,
        "",
        table(["kernel", "ms", "GFLOP/s", "GB/s"], rows),
      ];
    })
    .join("\n");
}

function splitSection(report: Report): string {
  const splits = measurementsOf(report, "split");
  const [first] = splits;
  if (first === undefined) return "";
  const [cpu, webgpu] = [splitOf(report, "cpu"), splitOf(report, "webgpu")];
  const pair = (onCpu: number | undefined, onGpu: number | undefined): Row => [time(onCpu), time(onGpu)];
  const sums = { cpu: cpu && moveTimes(cpu), webgpu: webgpu && moveTimes(webgpu) };
  const moves = [...moveTimes(first).keys()];
  const rows = [
    ...kernelRows(report).map(({ number, kernel, move, ...ms }) => [
      `${number} ${kernel} (${move})`,
      ...pair(ms.cpu, ms.webgpu),
    ]),
    ["launch and wait", ...pair(cpu && restOf(cpu), webgpu && restOf(webgpu))],
    ...moves.map((move) => [`**${move}**`, ...pair(sums.cpu?.get(move), sums.webgpu?.get(move))]),
    ["**step**", ...pair(cpu?.stepMs, webgpu?.stepMs)],
  ];
  const clocks = splits.map(({ device, clock }) =>
    clock === "device" ? `${deviceTitles[device]}: by its own clock` : `${deviceTitles[device]}: each repeated alone`,
  );
  return [
    `### Time by kernel and move, ${networkName(first.width)}, batch ${first.batch}: milliseconds`,
    "",
    table(["kernel", "CPU", "WebGPU"], rows),
    "",
    `${clocks.join("; ")}.`,
  ].join("\n");
}

function lossSection(report: Report): string {
  const { checks, difference } = lossAgreement(report);
  const [first] = checks;
  if (first === undefined) return "";
  const rows = checks.map(({ device, losses }) => [deviceTitles[device], ...losses.map(formatReading)]);
  const verdict =
    difference === undefined
      ? "Only one device was measured."
      : `Largest difference ${formatSetting(difference, 2)}: the devices ${difference <= LOSS_TOLERANCE ? "agree" : "DISAGREE"}.`;
  return [
    "### Loss reached",
    "",
    table(["device", ...first.steps.map((step) => `step ${step}`)], rows),
    "",
    verdict,
  ].join("\n");
}

function fixedSection(report: Report): string {
  const rows = measurementsOf(report, "fixed").map(({ device, firstStepMs, submitMs, readMs }) => [
    deviceTitles[device],
    ...[firstStepMs, submitMs.median, readMs.median].map(time),
  ]);
  return [
    "### Fixed costs: milliseconds",
    "",
    table(["device", "opening to first loss", "submit and wait", "read 4 bytes"], rows),
  ].join("\n");
}

function missingSection(report: Report): string {
  const missing = measurementsOf(report, "missing");
  if (missing.length === 0) return "";
  const lines = missing.map(({ device, what, reason }) => `- ${what ?? deviceTitles[device]}: ${reason}`);
  return ["### Not measured", "", ...lines].join("\n");
}

/** The whole report as Markdown, ready for an issue or a page. */
export function markdownOf(report: Report): string {
  const widths = [...new Set(measurementsOf(report, "step").map(({ width }) => width))];
  const results = widths.map((width) => {
    const { claim, detail } = headline(report, width);
    return `- ${networkName(width)}: ${claim} ${detail}`;
  });
  return [
    ["## Downhill benchmark", "", ...environmentLines(report)].join("\n"),
    results.join("\n"),
    ...widths.map((width) => stepSection(report, width)),
    productSection(report),
    splitSection(report),
    limitsSection(report),
    lossSection(report),
    fixedSection(report),
    missingSection(report),
  ]
    .filter((section) => section !== "")
    .join("\n\n")
    .concat("\n");
}
