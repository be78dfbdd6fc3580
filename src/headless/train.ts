import { resolve } from "node:path";
import type { PreparedData } from "../data/prepare.ts";
import { type Device, DeviceError } from "../devices/device.ts";
import { parameterSpecs } from "../engine/model.ts";
import { layArena } from "../engine/parameters.ts";
import { formatCount, formatPercent, formatReading } from "../lib/format.ts";
import { memberOf } from "../lib/registry.ts";
import { type ComputeConfig, type DeviceChoice, losses, type RunConfig } from "../session/config.ts";
import { openDevice } from "../session/openDevice.ts";
import { createRun, type Run } from "../session/run.ts";
import { type TensorValues, writeSafetensors } from "../session/safetensors.ts";
import { createStopping } from "../session/stopping.ts";
import { expectFitting, RunError } from "../session/weights.ts";
import { closeGpu, openGpu } from "./gpu.ts";
import { folderOf, loadConfig, loadData, loadWeights } from "./inputs.ts";
import { InputError, readOptions, type TrainOptions, usage } from "./options.ts";
import { type StagedFile, stage } from "./outputs.ts";
import { limitsOf, type Terminal, type Trained, trainAll } from "./trainAll.ts";

export type { Terminal };

/** Exit codes: done, input that the user must correct, stopped by the user. */
const DONE = 0;
const BAD_INPUT = 2;
const INTERRUPTED = 130;

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
function expectWeights(
  weights: ReadonlyMap<string, TensorValues>,
  { model, loss }: RunConfig,
  data: PreparedData,
): void {
  const outputs = memberOf(losses, loss.kind).outputsFor(data.outputs);
  const specs = parameterSpecs({ inputs: data.inputWidth, layers: model.layers, outputs });
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

/** What a run says at its end, in one line. */
interface Result {
  readonly run: Run;
  readonly device: Device;
  readonly data: PreparedData;
  readonly trained: Trained;
  /** Whether the reason goes without saying: the steps that were asked for are done. */
  readonly isPlain: boolean;
}

async function summary({ run, device, data, trained, isPlain }: Result): Promise<string> {
  const parts = [`${device.label}: ${formatCount(run.step)} steps`, `training loss ${formatReading(trained.loss)}`];
  if (data.splits.validation.count > 0) {
    const { loss, accuracy } = await run.evaluate("validation");
    parts.push(`validation loss ${formatReading(loss)}`);
    if (accuracy !== undefined) parts.push(`validation accuracy ${formatPercent(accuracy)}`);
  }
  const line = parts.join(", ");
  return isPlain || trained.reason === undefined ? line : `${line}. ${trained.reason}`;
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
    const limits = limitsOf(config.stopping, options.steps);
    const counts = { train: data.splits.train.count, validation: data.splits.validation.count };
    const { compute, optimizer } = config;
    const { warmupSteps } = optimizer.schedule;
    const stopping = createStopping({ run, limits, counts, warmupSteps, accumulation: compute.accumulation });
    const finish = async () => {
      const trained = await trainAll({ run, stopping, log, terminal });
      await save?.write(writeSafetensors(await run.readParameters()));
      const isPlain = limits.patience === 0 && run.step === limits.steps;
      return { trained, line: await summary({ run, device, data, trained, isPlain }) };
    };
    const { trained, line } = await Promise.race([finish(), failureOf(device)]);
    for (const file of staged) await file.commit();
    terminal.out(`${line}\n`);
    return trained.reason === undefined ? INTERRUPTED : DONE;
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
