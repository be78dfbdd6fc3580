import { openFiles } from "../data/files.ts";
import { DataError } from "../data/table.ts";
import { DeviceError } from "../devices/device.ts";
import type { Context, LeftRun, State } from "./context.ts";
import { createDevices, lossOf } from "./devices.ts";
import { launch, messageOf, summaryOf } from "./launch.ts";
import type { Wishes } from "./observer.ts";
import { fileOf, withOpened } from "./openedFiles.ts";
import { createPreparer } from "./prepareData.ts";
import type { Command, Event, FailureSubject } from "./protocol.ts";
import { statusOf } from "./summary.ts";
import type { Trainer } from "./trainer.ts";
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
    ...{ generation: 0, opened: [], parts: [], prepare: createPreparer() },
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
    const { data } = state.config ?? {};
    state.opened = withOpened(state.opened, file, data?.kind === "file" ? data.path : undefined);
    emit({ type: "tables", previews: state.opened.map(({ preview }) => preview) });
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
  measure: async (context, { on }) => {
    wish(context, { isMeasuring: on });
    if (on) await context.state.trainer?.measure();
  },
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
  const { state, emit } = context;
  if (generation !== state.generation) return;
  const started = performance.now();
  // A branch leaves the run that took its origin's place
  if (!branch) state.left = (await leftBy(state.trainer).catch(() => undefined)) ?? state.left;
  await state.trainer?.close();
  state.trainer = undefined;
  state.config = config;
  const data = state.prepare(config.data, fileOf(state.opened, config.data));
  emit({ type: "progress", message: "Compiling kernels" });
  const weights = branch ? state.left?.weights : undefined;
  await launch(context, { generation, config, data, weights, play, started });
}

function subjectOf(error: unknown, command: Command): FailureSubject {
  if (command.type === "open") return "file";
  if (error instanceof DataError) return "data";
  if (error instanceof RunError || (command.type === "configure" && error instanceof RangeError))
    return "configuration";
  return command.type === "configure" ? "device" : "training";
}
