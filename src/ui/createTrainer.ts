import { type Accessor, batch, createSignal, onCleanup } from "solid-js";
import type { TablePreview } from "../data/table.ts";
import { formatCount } from "../lib/format.ts";
import type { RunConfig } from "../session/config.ts";
import type { Command, Event, FailureSubject } from "../session/protocol.ts";
import { createFrameQueue } from "./frames.ts";
import { createPaced } from "./paced.ts";
import { createRunState, type RunState } from "./runState.ts";

/** Something that the user should read and can put away. */
export interface Message {
  readonly id: number;
  readonly subject: FailureSubject | "link" | "page";
  readonly text: string;
}

/**
 * What to do now and what in the next frame: a picture takes as long to draw as all plots together, so the newest one
 * waits a frame for the other events, and then they for it.
 */
function createTurns() {
  let waited = false;
  return (events: readonly Event[]): { readonly now: readonly Event[]; readonly later: readonly Event[] } => {
    const picture = events.filter(({ type }) => type === "view").slice(-1);
    const others = events.filter(({ type }) => type !== "view");
    if (picture.length === 0 || others.length === 0) {
      waited = false;
      return { now: [...picture, ...others], later: [] };
    }
    waited = !waited;
    return waited ? { now: others, later: picture } : { now: picture, later: others };
  };
}

/** Tells `ask` when the first of several begins to ask, and when the last has ended. */
function createAsking(ask: (on: boolean) => void): (on: boolean) => void {
  let asking = 0;
  return (on) => {
    const before = asking;
    asking = Math.max(0, asking + (on ? 1 : -1));
    if (before > 0 !== asking > 0) ask(on);
  };
}

export interface Trainer
  extends Pick<
    RunState,
    | "history"
    | "version"
    | "readings"
    | "summary"
    | "playing"
    | "step"
    | "stopped"
    | "view"
    | "examination"
    | "test"
    | "nonFinite"
    | "liveBytes"
    | "onEnd"
    | "broke"
    | "moved"
    | "measured"
    | "scaling"
  > {
  /** The configuration of the worker's run, with what changed while it went on; none before the first run. */
  readonly runConfig: Accessor<RunConfig | undefined>;
  /** The worker holds no run for the newest configuration yet. */
  readonly preparing: Accessor<boolean>;
  /** The newest configuration led to no run; a message says why. */
  readonly failed: Accessor<boolean>;
  readonly progress: Accessor<{ readonly message: string; readonly fraction?: number } | undefined>;
  /** The files that can be trained on, newest last. */
  readonly tables: Accessor<readonly TablePreview[]>;
  readonly messages: Accessor<readonly Message[]>;
  readonly notice: Accessor<string | undefined>;
  /** A fresh run; a `branch` starts from the weights of the run that was left last. */
  configure(config: RunConfig, play: boolean, branch?: boolean): void;
  /** The run goes on with this from its next step. */
  adjust(config: RunConfig): void;
  play(): void;
  pause(): void;
  singleStep(): void;
  /** The next of the four moves of a step; answered by `moved`. */
  singleMove(): void;
  /** Trains to the end of the epoch. */
  trainEpoch(): void;
  reset(): void;
  /** Back to an earlier step; from there on `config` holds. */
  rewind(step: number, config: RunConfig, play?: boolean): void;
  /** For this run and those to come; infinity is as fast as they can. */
  setSpeed(stepsPerSecond: number): void;
  /** Asks for `measured` a few times a second, or for no more of it; several may ask at the same time. */
  measure(on: boolean): void;
  /** Asks for `examination`, or for no more of them. */
  examine(on: boolean): void;
  evaluateTest(): void;
  dismissTest(): void;
  openFiles(files: readonly File[]): void;
  /** Calls `listener` with each file that was read. */
  onOpened(listener: (table: TablePreview) => void): void;
  /** @returns what `dismiss` takes. */
  report(subject: Message["subject"], text: string): number;
  dismiss(id: number): void;
  dismissNotice(): void;
}

/**
 * The one bridge between the page and the trainer's worker: its events become signals, the page's wishes commands.
 * Events of an older generation than the newest `configure` change nothing. Ends the worker when its owner is disposed.
 */
export function createTrainer(worker: Worker): Trainer {
  const run = createRunState();
  const [preparing, setPreparing] = createSignal(false);
  const [failed, setFailed] = createSignal(false);
  const [progress, setProgress] = createSignal<Extract<Event, { type: "progress" }>>();
  const [tables, setTables] = createSignal<readonly TablePreview[]>([]);
  const [messages, setMessages] = createSignal<readonly Message[]>([]);
  const [notice, setNotice] = createSignal<string>();
  const [runConfig, setRunConfig] = createSignal<RunConfig>();
  const openings = new Set<(table: TablePreview) => void>();
  let asked: RunConfig | undefined;
  let generation = 0;
  let lastId = 0;

  const send = (command: Command) => worker.postMessage(command);
  const dismiss = (id: number) => setMessages((list) => list.filter((message) => message.id !== id));
  const report = (subject: Message["subject"], text: string) => {
    lastId += 1;
    // The same words twice are one message, at its newest place.
    setMessages((list) => [...list.filter((message) => message.text !== text), { id: lastId, subject, text }]);
    return lastId;
  };
  const giveUp = () => {
    setFailed(preparing());
    setPreparing(false);
    run.setPlaying(false);
  };
  const fail = (event: Extract<Event, { type: "failure" }>) => {
    if (event.generation !== undefined && event.generation !== generation) return;
    setProgress(undefined);
    if (event.generation !== undefined) giveUp();
    report(event.subject, event.message);
  };
  const open = (previews: readonly TablePreview[]) => {
    setProgress(undefined);
    setTables(previews);
    const newest = previews.at(-1);
    for (const opened of openings) if (newest !== undefined) opened(newest);
  };
  const receive = (event: Event) => {
    if (event.type === "progress") setProgress(event);
    else if (event.type === "notice") {
      setProgress(undefined);
      setNotice(event.message);
    } else if (event.type === "failure") fail(event);
    else if (event.type === "tables") open(event.previews);
    else if (event.generation === generation) {
      if (event.type === "ready") setPreparing(false);
      if (event.type === "ready" || event.type === "cut") setProgress(undefined);
      run.receive(event.type, event);
      // Afterwards: the run that ends with this event had settings of its own.
      if (event.type === "ready") setRunConfig(asked);
    }
  };
  const turns = createTurns();
  const events = createFrameQueue<Event>((list) => {
    const { now, later } = turns(list);
    batch(() => now.forEach(receive));
    return later;
  });
  worker.onmessage = (message: MessageEvent<Event>) => events.push(message.data);
  worker.onerror = (event) => {
    batch(() => {
      giveUp();
      const cause = event.message.replace(/\.$/, "") || "its script did not load";
      report("training", `The trainer stopped: ${cause}. Reload the page to go on.`);
    });
  };
  onCleanup(() => {
    events.stop();
    worker.terminate();
  });

  return {
    ...run,
    readings: createPaced(run.readings, run.playing),
    step: createPaced(run.step, run.playing),
    runConfig,
    preparing,
    failed,
    progress,
    tables,
    messages,
    notice,
    configure: (config, play, branch = false) => {
      generation += 1;
      asked = config;
      batch(() => {
        setPreparing(true);
        setFailed(false);
        setNotice(undefined);
        setMessages((list) => list.filter(({ subject }) => subject !== "configuration" && subject !== "training"));
      });
      send({ type: "configure", generation, config, play, branch });
    },
    adjust: (config) => {
      asked = config;
      setRunConfig(config);
      send({ type: "adjust", generation, config });
    },
    play: () => send({ type: "play", generation }),
    pause: () => send({ type: "pause", generation }),
    singleStep: () => send({ type: "step", generation }),
    singleMove: () => send({ type: "move", generation }),
    trainEpoch: () => send({ type: "epoch", generation }),
    reset: () => send({ type: "reset", generation }),
    rewind: (step, config, play = false) => {
      asked = config;
      setRunConfig(config);
      setProgress({ type: "progress", message: `Going back to step ${formatCount(step)}.` });
      send({ type: "rewind", generation, step, config, play });
    },
    setSpeed: (stepsPerSecond) => send({ type: "speed", stepsPerSecond }),
    measure: createAsking((on) => send({ type: "measure", on })),
    examine: (on) => send({ type: "examine", generation, on }),
    evaluateTest: () => send({ type: "test", generation }),
    dismissTest: () => run.setTest(undefined),
    openFiles: (files) => send({ type: "open", files }),
    onOpened: (listener) => void openings.add(listener),
    report,
    dismiss,
    dismissNotice: () => setNotice(undefined),
  };
}
