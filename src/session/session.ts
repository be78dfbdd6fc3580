import { type OpenedFile, openFiles, previewFile } from "../data/files.ts";
import type { IdxFile } from "../data/imageFiles.ts";
import type { PreparedData } from "../data/prepare.ts";
import { DataError } from "../data/table.ts";
import { type Device, DeviceError } from "../devices/device.ts";
import type { RunConfig } from "./config.ts";
import { createDevices, type Devices, lossOf } from "./devices.ts";
import type { TrainerEvent, Wishes } from "./observer.ts";
import { createPreparer, type prepareData } from "./prepareData.ts";
import type { Command, DeviceStatus, Event, FailureSubject, RunSummary } from "./protocol.ts";
import { statusOf, summarize } from "./summary.ts";
import { Trainer } from "./trainer.ts";
import { type NamedTensor, RunError } from "./weights.ts";

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
    ...{ trainer: undefined, config: undefined, left: undefined, newest: undefined, status: undefined },
    tests: new Map(),
    wishes: { stepsPerSecond: Number.POSITIVE_INFINITY, isMeasuring: false, isExamining: false },
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
      if (command.type === "adjust") state.newest = command;
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
  /** The last run that another one took the place of. */
  left: LeftRun | undefined;
  /** The newest command that changes the run at hand: older ones are not worth carrying out. */
  newest: Command | undefined;
  /** How often the test split of a data configuration was used. */
  readonly tests: Map<string, number>;
  wishes: Wishes;
  /** Of the device in use. */
  status: DeviceStatus | undefined;
}

interface LeftRun {
  readonly step: number;
  readonly weights: ReadonlyMap<string, NamedTensor>;
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
  adjust: async (context, command) => {
    const { generation, config } = command;
    if (command !== context.state.newest) return;
    await withTrainer(async (trainer) => {
      const wasPlaying = trainer.isPlaying;
      const change = await trainer.change(config);
      if (change === "impossible")
        await configure(context, { type: "configure", generation, config, play: wasPlaying });
      else if (change === "adapted") tellAdapted(context, trainer, generation);
      context.state.config = config;
    })(context, command);
  },
  rewind: async (context, command) => {
    const { generation, step, config, play } = command;
    await withTrainer(async (trainer) => {
      if (await trainer.rewind(step, config)) tellAdapted(context, trainer, generation);
      context.state.config = config;
      if (play) trainer.play();
    })(context, command);
  },
  play: withTrainer((trainer) => trainer.play()),
  pause: withTrainer((trainer) => trainer.pause()),
  step: withTrainer((trainer) => trainer.step()),
  move: withTrainer((trainer) => trainer.move()),
  epoch: withTrainer((trainer) => trainer.epoch()),
  reset: withTrainer((trainer) => trainer.reset()),
  examine: async (context, command) => {
    wish(context, { isExamining: command.on });
    if (command.on) await withTrainer((trainer) => trainer.examine())(context, command);
  },
  speed: async (context, { stepsPerSecond }) => wish(context, { stepsPerSecond }),
  measure: async (context, { on }) => wish(context, { isMeasuring: on }),
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

function wish({ state }: Context, wishes: Partial<Wishes>): void {
  state.wishes = { ...state.wishes, ...wishes };
  state.trainer?.wishesChanged();
}

const summaryOf = ({ live, run }: Trainer, status: DeviceStatus, milliseconds: number): RunSummary =>
  summarize(run, { data: live.data, status, milliseconds });

function tellAdapted({ state, emit }: Context, trainer: Trainer, generation: number): void {
  const status = state.status ?? statusOf(trainer.device, "");
  emit({ type: "adapted", generation, summary: summaryOf(trainer, status, 0) });
}

/** What a run leaves to a branch, if it has learned anything. */
async function leftBy(trainer: Trainer | undefined): Promise<LeftRun | undefined> {
  if (trainer === undefined || trainer.run.step === 0) return undefined;
  await trainer.pause();
  const { step } = trainer.run;
  return { step, weights: await trainer.run.readParameters() };
}

type Configure = Extract<Command, { readonly type: "configure" }>;

async function configure(context: Context, { generation, config, play, branch = false }: Configure): Promise<void> {
  const { state, devices, emit } = context;
  if (generation !== state.generation) return;
  const started = performance.now();
  // A branch leaves the run that took its origin's place
  if (!branch) state.left = (await leftBy(state.trainer).catch(() => undefined)) ?? state.left;
  await state.trainer?.close();
  state.trainer = undefined;
  state.config = config;
  const data = state.prepare(config.data, state.file);
  emit({ type: "progress", message: "Compiling kernels" });
  const weights = branch ? state.left?.weights : undefined;
  const trainer = await startTrainer(context, { generation, config, data, weights, started });
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
  readonly weights?: LeftRun["weights"] | undefined;
  /** `performance.now()` at the command. */
  readonly started: number;
}

/** Opens the device and starts a trainer; where the chosen GPU is not there, says so and takes the CPU. */
async function startTrainer(context: Context, { generation, config, data, weights, started }: Start): Promise<Trainer> {
  const { devices, emit } = context;
  const { device, reason, problem } = await devices.open({ config, data });
  if (problem !== undefined) emit({ type: "failure", subject: "device", message: problem });
  const onStopped = (error: unknown) => context.enqueue(() => recover(context, { generation, config, device, error }));
  const links = trainerLinks(context, generation);
  const trainer = await Trainer.start({ config, data, device, weights, ...links, onStopped });
  const status = statusOf(device, reason);
  context.state.status = status;
  emit({ type: "ready", generation, summary: summaryOf(trainer, status, performance.now() - started) });
  if (weights !== undefined) emit({ type: "notice", message: branchNotice(trainer, context.state.left?.step ?? 0) });
  await trainer.look();
  return trainer;
}

const branchNotice = ({ taken, run }: Trainer, step: number): string =>
  `This run starts from the weights of step ${step}, ${taken} of ${run.plan.specs.length} tensors of which fit.`;

interface Stop extends Pick<Start, "generation" | "config"> {
  readonly device: Device;
  readonly error: unknown;
}

/** How a trainer speaks to the page, and hears what it shows. */
const trainerLinks = ({ state, emit }: Context, generation: number) => ({
  emit: (event: TrainerEvent) => {
    if (generation === state.generation) emit({ ...event, generation } as Event);
  },
  wishes: () => state.wishes,
  prepare: ({ data }: RunConfig) => state.prepare(data, state.file),
});

/** After a lost device: goes on from the last snapshot, on a new GPU or on the CPU. Any other error ends the run. */
async function recover(context: Context, stop: Stop): Promise<void> {
  const { state, devices, emit } = context;
  const { generation, error } = stop;
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
  const config = recovery?.config ?? stop.config;
  try {
    const data = state.prepare(config.data, state.file);
    const { device, reason } = await devices.reopen(config.compute);
    const onStopped = (again: unknown) =>
      context.enqueue(() => recover(context, { generation, config, device, error: again }));
    const next = await Trainer.start(
      { config, data, device, ...trainerLinks(context, generation), onStopped },
      recovery,
    );
    state.trainer = next;
    state.status = statusOf(device, reason);
    const from = next.run.step;
    emit({
      type: "notice",
      message: `The GPU was lost (${lost}). Training goes on at step ${from} on ${device.label}: ${reason}.`,
    });
    emit({ type: "device", generation, status: state.status });
    if (wasPlaying) next.play();
  } catch (failure) {
    emit({ type: "failure", generation, subject: "device", message: messageOf(failure) });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function subjectOf(error: unknown, command: Command): FailureSubject {
  if (command.type === "open") return "file";
  if (error instanceof DataError) return "data";
  if (error instanceof RunError || (command.type === "configure" && error instanceof RangeError))
    return "configuration";
  return command.type === "configure" ? "device" : "training";
}
