import { createSignal } from "solid-js";
import { createMetrics } from "../session/metrics.ts";
import type { Evaluation, Event, MetricsBatch, RunSummary, TaskView } from "../session/protocol.ts";

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
export function createRunState() {
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
