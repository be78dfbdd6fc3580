import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { PreparedData } from "../data/prepare.ts";
import { type Device, DeviceError } from "../devices/device.ts";
import { parameterSpecs } from "../engine/model.ts";
import { layArena } from "../engine/parameters.ts";
import { formatCount, formatPercent, formatReading } from "../lib/format.ts";
import type { ComputeConfig, DeviceChoice, RunConfig } from "../session/config.ts";
import { openDevice } from "../session/openDevice.ts";
import { createPace } from "../session/pace.ts";
import { createRun, MAX_STEPS, type Run } from "../session/run.ts";
import { type TensorValues, writeSafetensors } from "../session/safetensors.ts";
import type { StepRows } from "../session/stepRows.ts";
import { expectFitting, RunError } from "../session/weights.ts";
import { closeGpu, openGpu } from "./gpu.ts";
import { folderOf, loadConfig, loadData, loadWeights } from "./inputs.ts";
import { InputError, readOptions, type TrainOptions, usage } from "./options.ts";
import { type StagedFile, stage } from "./outputs.ts";

/** Exit codes: done, input that the user must correct, stopped by the user. */
const DONE = 0;
const BAD_INPUT = 2;
const INTERRUPTED = 130;

/** Milliseconds that one submission should take, and between two lines of progress. */
const SUBMISSION = 200;
const PROGRESS = 2000;

export interface Terminal {
  /** Where relative paths start. */
  readonly folder: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Whether the user asked to stop. */
  readonly stopped: () => boolean;
}

/** All that a run reads, before anything is written. */
interface Inputs {
  readonly config: RunConfig;
  readonly data: PreparedData;
  readonly weights: ReadonlyMap<string, TensorValues> | undefined;
}

async function loadInputs(options: TrainOptions): Promise<Inputs> {
  const config = await loadConfig(options.config);
  const weights = options.init === undefined ? undefined : await loadWeights(options.init);
  const data = await loadData(config, folderOf(options.config));
  if (weights !== undefined) expectWeights(weights, config, data);
  return { config, data, weights };
}

/** Checks names and shapes before a device is opened. */
function expectWeights(weights: ReadonlyMap<string, TensorValues>, { model }: RunConfig, data: PreparedData): void {
  const specs = parameterSpecs({ inputs: data.inputWidth, layers: model.layers, outputs: data.outputs });
  try {
    expectFitting(layArena(specs, "parameters", "parameters").slices, weights);
  } catch (error) {
    if (error instanceof RunError) throw new InputError(`--init: tensor ${error.message}`);
    throw error;
  }
}

async function open(choice: DeviceChoice, { deterministic }: ComputeConfig): Promise<Device> {
  const gpu = choice === "cpu" ? undefined : await openGpu();
  if (choice === "webgpu" && gpu === undefined) {
    throw new InputError(
      'device: got "webgpu" but no WebGPU, expected the package webgpu to load on this machine. Use --device cpu.',
    );
  }
  return (await openDevice(choice, gpu, { deterministic })).device;
}

/** JSON has no NaN and no infinities: they are written as null. */
function logLines({ step, epoch, loss, gradNorm, learningRate }: StepRows): string {
  const line = (row: number) =>
    JSON.stringify({
      step: step[row],
      epoch: epoch[row],
      loss: loss[row],
      gradNorm: gradNorm[row],
      learningRate: learningRate[row],
    });
  return Array.from(step, (_, row) => `${line(row)}\n`).join("");
}

interface Training {
  readonly run: Run;
  readonly steps: number;
  readonly log: StagedFile | undefined;
  readonly terminal: Terminal;
}

/** Trains to the end, or until the user stops it; the loss of the last step. */
async function trainAll({ run, steps, log, terminal }: Training): Promise<number> {
  const pace = createPace({ target: SUBMISSION, most: MAX_STEPS });
  let lastLoss = Number.NaN;
  let told = performance.now();
  while (run.step < steps && !terminal.stopped()) {
    const count = Math.min(pace.steps, steps - run.step);
    const started = performance.now();
    const rows = await run.trainSteps(count);
    // A device that answers at once would keep signals waiting.
    await setImmediate();
    pace.took(count, performance.now() - started);
    lastLoss = rows.loss.at(-1) ?? lastLoss;
    await log?.write(logLines(rows));
    if (log === undefined && performance.now() - told > PROGRESS) {
      told = performance.now();
      terminal.error(`step ${formatCount(run.step)} of ${formatCount(steps)}, loss ${formatReading(lastLoss)}\n`);
    }
  }
  return lastLoss;
}

/** What a run says at its end, in one line. */
interface Result {
  readonly run: Run;
  readonly device: Device;
  readonly data: PreparedData;
  readonly lastLoss: number;
}

async function summary({ run, device, data, lastLoss }: Result): Promise<string> {
  const parts = [`${device.label}: ${formatCount(run.step)} steps`, `training loss ${formatReading(lastLoss)}`];
  if (data.splits.validation.count > 0) {
    const { loss, accuracy } = await run.evaluate("validation");
    parts.push(`validation loss ${formatReading(loss)}`);
    if (accuracy !== undefined) parts.push(`validation accuracy ${formatPercent(accuracy)}`);
  }
  return parts.join(", ");
}

/** Everything is read and ready before the first output is opened, so that bad input leaves nothing behind. */
async function trainWith(options: TrainOptions, terminal: Terminal): Promise<number> {
  const inputs = await loadInputs(options);
  const device = await open(options.device ?? inputs.config.compute.device, inputs.config.compute);
  const staged: StagedFile[] = [];
  const stageOption = async (name: "log" | "save") => {
    const path = options[name];
    if (path === undefined) return undefined;
    const file = await stage(`--${name}`, path);
    staged.push(file);
    return file;
  };
  try {
    const { config, data, weights } = inputs;
    const run = await createRun({ config, data, device, probe: new Float32Array(data.inputWidth) });
    if (weights !== undefined) run.writeParameters(weights);
    const [log, save] = [await stageOption("log"), await stageOption("save")];
    const finish = async () => {
      const lastLoss = await trainAll({ run, steps: options.steps, log, terminal });
      await save?.write(writeSafetensors(await run.readParameters()));
      return summary({ run, device, data, lastLoss });
    };
    const said = await Promise.race([finish(), failureOf(device)]);
    for (const file of staged) await file.commit();
    terminal.out(`${said}\n`);
    return run.step < options.steps ? INTERRUPTED : DONE;
  } finally {
    for (const file of staged) await file.discard();
    device.destroy();
  }
}

/** Rejects when the device is lost; a run on it would wait for ever. */
async function failureOf(device: Device): Promise<never> {
  const reason = await device.lost;
  throw new DeviceError(`device: got a lost device (${reason}), expected it to stay. Try --device cpu.`);
}

/** Paths as the terminal's folder makes them absolute. No output may replace an input or the other output. */
function resolvePaths(options: TrainOptions, folder: string): TrainOptions {
  const absolute = (["config", "init", "log", "save"] as const).flatMap((name) => {
    const path = options[name];
    return path === undefined ? [] : [[name, resolve(folder, path)] as const];
  });
  const resolved: TrainOptions = { ...options, ...Object.fromEntries(absolute) };
  for (const output of ["log", "save"] as const) {
    const path = resolved[output];
    if (path !== undefined && (path === resolved.config || (output === "log" && path === resolved.save))) {
      throw new InputError(`--${output}: got the path of another file of this run, expected one of its own.`);
    }
  }
  return resolved;
}

const isForUser = (error: unknown): error is Error =>
  error instanceof InputError || error instanceof RunError || error instanceof DeviceError;

/**
 * The command `train`: reads its arguments, trains, writes the log and the weights.
 *
 * @returns the exit code: 0 done, 2 bad input (one line on stderr, nothing written), 130 stopped by the user.
 */
export async function train(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === "help") {
      terminal.out(usage);
      return DONE;
    }
    return await trainWith(resolvePaths(options, terminal.folder), terminal);
  } catch (error) {
    if (!isForUser(error)) throw error;
    terminal.error(`${error.message.replaceAll(/\s+/g, " ")}\n`);
    return BAD_INPUT;
  } finally {
    closeGpu();
  }
}
