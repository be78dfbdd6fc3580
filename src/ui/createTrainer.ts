import { type Accessor, batch, createSignal, onCleanup } from "solid-js";
import type { TablePreview } from "../data/table.ts";
import type { Values } from "../lib/hyperparameters.ts";
import type { RunConfig } from "../session/config.ts";
import type { Command, Event, FailureSubject } from "../session/protocol.ts";
import { createFrameQueue } from "./frames.ts";
import { createRunState, type RunState } from "./runState.ts";

/** Something that the user should read and can put away. */
export interface Message {
  readonly id: number;
  readonly subject: FailureSubject | "link" | "page";
  readonly text: string;
}

/** Pictures take as long to draw as all plots together: beside other events, the newest waits for the next frame. */
function withoutPictures(events: readonly Event[]): {
  readonly now: readonly Event[];
  readonly later: readonly Event[];
} {
  const pictures = events.filter(({ type }) => type === "view");
  if (pictures.length === events.length) return { now: pictures.slice(-1), later: [] };
  return { now: events.filter(({ type }) => type !== "view"), later: pictures.slice(-1) };
}

export interface Trainer
  extends Pick<
    RunState,
    "history" | "version" | "readings" | "summary" | "playing" | "step" | "view" | "test" | "nonFinite" | "liveBytes"
  > {
  /** The worker holds no run for the newest configuration yet. */
  readonly preparing: Accessor<boolean>;
  readonly progress: Accessor<{ readonly message: string; readonly fraction?: number } | undefined>;
  readonly table: Accessor<TablePreview | undefined>;
  readonly messages: Accessor<readonly Message[]>;
  readonly notice: Accessor<string | undefined>;
  configure(config: RunConfig, play: boolean): void;
  adjust(optimizer: Values): void;
  play(): void;
  pause(): void;
  singleStep(): void;
  reset(): void;
  evaluateTest(): void;
  dismissTest(): void;
  openFiles(files: readonly File[]): void;
  report(subject: Message["subject"], text: string): void;
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
  const [progress, setProgress] = createSignal<Extract<Event, { type: "progress" }>>();
  const [table, setTable] = createSignal<TablePreview>();
  const [messages, setMessages] = createSignal<readonly Message[]>([]);
  const [notice, setNotice] = createSignal<string>();
  let generation = 0;
  let lastId = 0;

  const send = (command: Command) => worker.postMessage(command);
  const dismiss = (id: number) => setMessages((list) => list.filter((message) => message.id !== id));
  const report = (subject: Message["subject"], text: string) => {
    lastId += 1;
    // The same words twice are one message, at its newest place.
    setMessages((list) => [...list.filter((message) => message.text !== text), { id: lastId, subject, text }]);
  };
  const fail = (event: Extract<Event, { type: "failure" }>) => {
    if (event.generation !== undefined && event.generation !== generation) return;
    setProgress(undefined);
    if (event.generation !== undefined) {
      setPreparing(false);
      run.setPlaying(false);
    }
    report(event.subject, event.message);
  };
  const receive = (event: Event) => {
    if (event.type === "progress") setProgress(event);
    else if (event.type === "notice") {
      setProgress(undefined);
      setNotice(event.message);
    } else if (event.type === "failure") fail(event);
    else if (event.type === "table") {
      setProgress(undefined);
      setTable(event.preview);
    } else if (event.generation === generation) {
      if (event.type === "ready") {
        setPreparing(false);
        setProgress(undefined);
      }
      run.receive(event.type, event);
    }
  };
  const events = createFrameQueue<Event>((list) => {
    const { now, later } = withoutPictures(list);
    batch(() => now.forEach(receive));
    return later;
  });
  worker.onmessage = (message: MessageEvent<Event>) => events.push(message.data);
  worker.onerror = (event) => {
    batch(() => {
      setPreparing(false);
      run.setPlaying(false);
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
    preparing,
    progress,
    table,
    messages,
    notice,
    configure: (config, play) => {
      generation += 1;
      batch(() => {
        setPreparing(true);
        setNotice(undefined);
        setMessages((list) => list.filter(({ subject }) => subject !== "configuration" && subject !== "training"));
      });
      send({ type: "configure", generation, config, play });
    },
    adjust: (optimizer) => send({ type: "adjust", generation, optimizer }),
    play: () => send({ type: "play", generation }),
    pause: () => send({ type: "pause", generation }),
    singleStep: () => send({ type: "step", generation }),
    reset: () => send({ type: "reset", generation }),
    evaluateTest: () => send({ type: "test", generation }),
    dismissTest: () => run.setTest(undefined),
    openFiles: (files) => send({ type: "open", files }),
    report,
    dismiss,
    dismissNotice: () => setNotice(undefined),
  };
}
