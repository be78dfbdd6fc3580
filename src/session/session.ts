import { type OpenedFile, openFiles, previewFile } from "../data/files.ts";
import type { IdxFile } from "../data/imageFiles.ts";
import type { PreparedData } from "../data/prepare.ts";
import { DataError } from "../data/table.ts";
import { type Device, DeviceError } from "../devices/device.ts";
import type { RunConfig } from "./config.ts";
import { createDevices, type Devices, lossOf } from "./devices.ts";
import { createPreparer, type prepareData } from "./prepareData.ts";
import type { Command, Event, FailureSubject } from "./protocol.ts";
import { statusOf, summarize } from "./summary.ts";
import { Trainer, type TrainerEvent } from "./trainer.ts";
import { RunError } from "./weights.ts";

export interface SessionOptions {
  readonly gpu: GPU | undefined;
  readonly emit: (event: Event) => void;
}

export interface Session {
  /** Takes a command; commands are carried out one after the other. */
  receive(command: Command): void;
  /** Resolves when all commands so far are done. */
  settled(): Promise<void>;
  /** Bytes of device memory held. */
  readonly liveBytes: number;
}

/** What a page and a test talk to: the run at hand, its data, and the devices that it may run on. */
export function createSession({ gpu, emit }: SessionOptions): Session {
  const devices = createDevices(gpu);
  const state: State = {
    ...{ generation: 0, file: undefined, parts: [], prepare: createPreparer() },
    ...{ trainer: undefined, config: undefined, tests: new Map() },
  };
  let queue: Promise<void> = Promise.resolve();

  const enqueue = (work: () => Promise<void>): void => {
    queue = queue.then(work);
  };
  const context: Context = { state, devices, emit, enqueue };
  const carryOut = async (command: Command) => {
    try {
      await handlers[command.type](context, command as never);
    } catch (error) {
      // A trainer that lost its device is about to go on elsewhere.
      const { trainer } = state;
      if (error instanceof DeviceError && trainer !== undefined && (await lossOf(trainer.device)) !== undefined) return;
      const generation = "generation" in command ? { generation: command.generation } : {};
      emit({ type: "failure", ...generation, subject: subjectOf(error, command), message: messageOf(error) });
    }
  };
  return {
    receive(command) {
      // A newer configuration makes the ones before it not worth compiling.
      if (command.type === "configure") state.generation = Math.max(state.generation, command.generation);
      enqueue(() => carryOut(command));
    },
    settled: () => queue,
    get liveBytes() {
      return devices.liveBytes;
    },
  };
}

interface State {
  /** Of the newest `configure` that arrived. */
  generation: number;
  /** What `data.kind: "file"` means. */
  file: OpenedFile | undefined;
  /** IDX files opened so far. */
  parts: readonly IdxFile[];
  readonly prepare: typeof prepareData;
  trainer: Trainer | undefined;
  config: RunConfig | undefined;
  /** How often the test split of a data configuration was used. */
  readonly tests: Map<string, number>;
}

interface Context {
  readonly state: State;
  readonly devices: Devices;
  readonly emit: (event: Event) => void;
  /** Runs something after all commands so far. */
  readonly enqueue: (work: () => Promise<void>) => void;
}

type Handler<T extends Command["type"]> = (context: Context, command: Extract<Command, { type: T }>) => Promise<void>;

const withTrainer =
  (act: (trainer: Trainer) => Promise<void> | void) =>
  async ({ state }: Context, { generation }: { readonly generation: number }): Promise<void> => {
    if (generation === state.generation && state.trainer !== undefined) await act(state.trainer);
  };

const handlers: { readonly [T in Command["type"]]: Handler<T> } = {
  configure,
  open: async ({ state, emit }, { files }) => {
    emit({ type: "progress", message: `Reading ${files.map(({ name }) => name).join(", ")}` });
    const { file, missing, parts } = await openFiles(files, state.parts);
    state.parts = parts;
    if (missing !== undefined) emit({ type: "notice", message: missing });
    if (file === undefined) return;
    state.file = file;
    emit({ type: "table", preview: previewFile(file) });
  },
  adjust: async (context, command) => withTrainer((trainer) => trainer.adjust(command.optimizer))(context, command),
  play: withTrainer((trainer) => trainer.play()),
  pause: withTrainer((trainer) => trainer.pause()),
  step: withTrainer((trainer) => trainer.step()),
  reset: withTrainer((trainer) => trainer.reset()),
  test: async ({ state, emit }, { generation }) => {
    const { trainer, config, tests } = state;
    if (generation !== state.generation || trainer === undefined || config === undefined) return;
    const evaluation = await trainer.test();
    const key = JSON.stringify(config.data);
    const times = (tests.get(key) ?? 0) + 1;
    tests.set(key, times);
    emit({ type: "tested", generation, evaluation, times });
  },
};

async function configure(context: Context, { generation, config, play }: Extract<Command, { type: "configure" }>) {
  const { state, devices, emit } = context;
  if (generation !== state.generation) return;
  const started = performance.now();
  await state.trainer?.close();
  state.trainer = undefined;
  state.config = config;
  const data = state.prepare(config.data, state.file);
  emit({ type: "progress", message: "Compiling kernels" });
  const trainer = await startTrainer(context, { generation, config, data, started });
  if (generation !== state.generation) {
    await trainer.close();
    return;
  }
  state.trainer = trainer;
  if (play) trainer.play();
  else emit({ type: "state", generation, playing: false, step: 0, liveBytes: devices.liveBytes });
}

interface Start {
  readonly generation: number;
  readonly config: RunConfig;
  readonly data: PreparedData;
  /** `performance.now()` at the command. */
  readonly started: number;
}

/** Opens the device and starts a trainer; where the chosen GPU is not there, says so and takes the CPU. */
async function startTrainer(context: Context, { generation, config, data, started }: Start): Promise<Trainer> {
  const { devices, emit } = context;
  const { device, reason, problem } = await devices.open({ config, data });
  if (problem !== undefined) emit({ type: "failure", subject: "device", message: problem });
  const onStopped = (error: unknown) =>
    context.enqueue(() => recover(context, { generation, config, data, device, error }));
  const trainer = await Trainer.start({ config, data, device, emit: emitAs(context, generation), onStopped });
  const status = statusOf(device, reason);
  const milliseconds = performance.now() - started;
  emit({ type: "ready", generation, summary: summarize(trainer.run, { data, status, milliseconds }) });
  await trainer.look();
  return trainer;
}

interface Stop extends Omit<Start, "started"> {
  readonly device: Device;
  readonly error: unknown;
}

const emitAs =
  ({ state, emit }: Context, generation: number) =>
  (event: TrainerEvent) => {
    if (generation === state.generation) emit({ ...event, generation } as Event);
  };

/** After a lost device: goes on from the last snapshot, on a new GPU or on the CPU. Any other error ends the run. */
async function recover(context: Context, stop: Stop): Promise<void> {
  const { state, devices, emit } = context;
  const { generation, config, data, error } = stop;
  if (generation !== state.generation) return;
  const lost = await lossOf(stop.device);
  if (lost === undefined) {
    emit({ type: "failure", generation, subject: "training", message: messageOf(error) });
    return;
  }
  const { trainer } = state;
  state.trainer = undefined;
  const recovery = trainer?.recovery;
  const wasPlaying = trainer?.wasPlaying ?? false;
  await trainer?.close();
  try {
    const { device, reason } = await devices.reopen(config.compute);
    const onStopped = (again: unknown) =>
      context.enqueue(() => recover(context, { generation, config, data, device, error: again }));
    const next = await Trainer.start({ config, data, device, emit: emitAs(context, generation), onStopped }, recovery);
    state.trainer = next;
    const from = recovery?.snapshot?.step ?? 0;
    emit({
      type: "notice",
      message: `The GPU was lost (${lost}). Training goes on at step ${from} on ${device.label}: ${reason}.`,
    });
    emit({ type: "device", generation, status: statusOf(device, reason) });
    if (wasPlaying) next.play();
  } catch (failure) {
    emit({ type: "failure", generation, subject: "device", message: messageOf(failure) });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function subjectOf(error: unknown, command: Command): FailureSubject {
  if (command.type === "open") return "file";
  if (error instanceof DataError) return "data";
  if (error instanceof RunError) return "configuration";
  return command.type === "configure" ? "device" : "training";
}
