import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { describeEnvironment } from "../src/bench/environment.ts";
import { type BenchDevice, benchDevices } from "../src/bench/kinds.ts";
import { markdownOf } from "../src/bench/markdown.ts";
import type { DeviceFacts, Measurement, Report } from "../src/bench/report.ts";
import { runSuite } from "../src/bench/runSuite.ts";
import { isSuiteName, type SuiteName, suites } from "../src/bench/suites.ts";
import { closeGpu, openGpu } from "../src/headless/gpu.ts";
import { InputError } from "../src/headless/options.ts";

export const usage = `Measures the training step and its matrix products on this machine, without a page.

npm run --silent bench -- [options] > table.md

  --suite ${Object.keys(suites).join("|")}  what is measured; thorough unless given
  --quick                 the same as --suite quick
  --device cpu|webgpu     one device alone; both unless given
  --json FILE             also writes all numbers
  --help                  this text

The tables go to stdout, progress to stderr. A missing GPU is a line in the tables.
`;

export interface BenchCommand {
  readonly suite: SuiteName;
  readonly devices: readonly BenchDevice[];
  readonly json?: string;
}

/** Reads the command line; "help" when it asks for help. Throws an `InputError` that names the option. */
export function readCommand(args: readonly string[]): BenchCommand | "help" {
  let command: BenchCommand = { suite: "thorough", devices: benchDevices };
  for (let at = 0; at < args.length; at++) {
    const option = args[at];
    if (option === "--help" || option === "-h") return "help";
    if (option === "--quick") {
      command = { ...command, suite: "quick" };
      continue;
    }
    const value = args[++at] ?? "";
    if (option === "--suite" && isSuiteName(value)) command = { ...command, suite: value };
    else if (option === "--device" && benchDevices.some((device) => device === value)) {
      command = { ...command, devices: benchDevices.filter((device) => device === value) };
    } else if (option === "--json" && value !== "") command = { ...command, json: value };
    else throw new InputError(`${option}: got "${value}", expected an option as --help lists them.`);
  }
  return command;
}

export interface BenchTerminal {
  /** Where relative paths start. */
  readonly folder: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Fused multiply-adds in WebAssembly, as browsers have them: Node 20 has them behind a switch, later versions always. */
function allowRelaxedSimd(): void {
  if (Number.parseInt(process.versions.node, 10) < 21) setFlagsFromString("--experimental-wasm-relaxed-simd");
}

/** Runs a suite and collects its report. */
async function measure({ suite, devices }: BenchCommand, { error }: BenchTerminal): Promise<Report> {
  allowRelaxedSimd();
  const gpu = devices.includes("webgpu") ? await openGpu() : undefined;
  const found: DeviceFacts[] = [];
  const measurements: Measurement[] = [];
  await runSuite({
    suite: suites[suite],
    gpu,
    devices,
    events: {
      device: (facts) => found.push(facts),
      measured: (measurement) => measurements.push(measurement),
      progress: (done, all, now) => {
        if (now !== "") error(`${done} of ${all}: ${now}\n`);
      },
    },
  });
  const environment = { ...(await describeEnvironment(gpu)), cores: availableParallelism() };
  const browser = `Node ${process.versions.node}`;
  return { version: 1, suite, environment: { ...environment, browser, isolated: true }, devices: found, measurements };
}

/**
 * The command `bench`.
 *
 * @returns the exit code: 0 measured, 2 bad input (one line on stderr).
 */
export async function bench(args: readonly string[], terminal: BenchTerminal): Promise<number> {
  try {
    const command = readCommand(args);
    if (command === "help") {
      terminal.out(usage);
      return 0;
    }
    const report = await measure(command, terminal);
    terminal.out(markdownOf(report));
    if (command.json !== undefined) {
      await writeFile(resolve(terminal.folder, command.json), `${JSON.stringify(report, null, 2)}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    terminal.error(`${error.message}\n`);
    return 2;
  } finally {
    closeGpu();
  }
}
