import { type Accessor, batch, createSignal, onCleanup } from "solid-js";
import type { TablePreview } from "../data/table.ts";
import type { Values } from "../lib/hyperparameters.ts";
import type { RunConfig } from "../session/config.ts";
import { createMetrics } from "../session/metrics.ts";
import type {
  Command,
  Evaluation,
  Event,
  FailureSubject,
  MetricsBatch,
  RunSummary,
  TaskView,
} from "../session/protocol.ts";
import { createFrameQueue } from "./frames.ts";

/** Something that the user should read and can put away. */
export interface Message {
  readonly id: number;
  readonly subject: FailureSubject | "link" | "page";
  readonly text: string;
}

/** What the newest metrics say. Before the first step, nothing. */
export interface Readings {
  readonly epoch: number | undefined;
  readonly loss: number | undefined;
  readonly gradNorm: number | undefined;
  readonly learningRate: number | undefined;
  readonly stepsPerSecond: number | undefined;
  readonly train: Evaluation | undefined;
  readonly validation: Evaluation | undefined;
}

const noReadings: Readings = {
  epoch: undefined,
  loss: undefined,
  gradNorm: undefined,
  learningRate: undefined,
  stepsPerSecond: undefined,
  train: undefined,
  validation: undefined,
};

export interface TestResult {
  readonly evaluation: Evaluation;
  /** How often the test split has been used, this time included. */
  readonly times: number;
}

/** The events of one run, which carry its generation. */
type RunEvent = Extract<Event, { readonly generation: number }>;

const mean = (values: Float64Array): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The readings after some more steps; what the batch does not say stays as it was. */
function readingsAfter(before: Readings, metrics: MetricsBatch): Readings {
  return {
    epoch: metrics.step.length > 0 ? metrics.epoch : before.epoch,
    loss: mean(metrics.loss) ?? before.loss,
    gradNorm: mean(metrics.gradNorm) ?? before.gradNorm,
    learningRate: metrics.learningRate.at(-1) ?? before.learningRate,
    stepsPerSecond: metrics.step.length > 0 ? metrics.stepsPerSecond : before.stepsPerSecond,
    train: metrics.train.at(-1) ?? before.train,
    validation: metrics.validation.at(-1) ?? before.validation,
  };
}

/** What the worker says about the run, as signals. */
function createRunState() {
  const history = createMetrics();
  const [version, setVersion] = createSignal(0);
  const [readings, setReadings] = createSignal(noReadings);
  const [summary, setSummary] = createSignal<RunSummary>();
  const [playing, setPlaying] = createSignal(false);
  const [step, setStep] = createSignal(0);
  const [view, setView] = createSignal<TaskView>();
  const [test, setTest] = createSignal<TestResult>();
  const [liveBytes, setLiveBytes] = createSignal<number>();
  const [nonFinite, setNonFinite] = createSignal<MetricsBatch["nonFinite"]>();

  const clear = () => {
    history.clear();
    setReadings(noReadings);
    setNonFinite(undefined);
    setStep(0);
    setVersion((count) => count + 1);
  };
  const on: { readonly [K in RunEvent["type"]]: (event: Extract<RunEvent, { readonly type: K }>) => void } = {
    ready: (event) => {
      clear();
      setView(undefined);
      setTest(undefined);
      setSummary(event.summary);
    },
    state: (event) => {
      // A reset keeps the generation: going back to step 0 is what tells that the old curves are over.
      if (event.step === 0 && step() > 0) clear();
      setPlaying(event.playing);
      setStep(event.step);
      setLiveBytes(event.liveBytes);
    },
    device: ({ status }) => setSummary((before) => (before === undefined ? before : { ...before, device: status })),
    metrics: ({ metrics }) => {
      history.append(metrics);
      setReadings((before) => readingsAfter(before, metrics));
      setStep((before) => metrics.step.at(-1) ?? before);
      if (metrics.nonFinite !== undefined) setNonFinite(metrics.nonFinite);
      setVersion((count) => count + 1);
    },
    view: (event) => setView(event.view),
    tested: ({ evaluation, times }) => setTest({ evaluation, times }),
  };
  const receive = <K extends RunEvent["type"]>(type: K, event: Extract<RunEvent, { readonly type: K }>) =>
    on[type](event);
  return {
    ...{ history, version, readings, summary, playing, step, view, test, nonFinite, liveBytes },
    ...{ setPlaying, setTest, receive },
  };
}

export type RunState = ReturnType<typeof createRunState>;

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
  const events = createFrameQueue<Event>((list) => batch(() => list.forEach(receive)));
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
