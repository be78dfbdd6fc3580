import { createSignal } from "solid-js";
import type { Examination } from "../session/examination.ts";
import { createMetrics, type MetricsHistory } from "../session/metrics.ts";
import type { MoveReport } from "../session/moveReport.ts";
import type { Broke } from "../session/nonFinite.ts";
import type { Evaluation, Event, Measured, MetricsBatch, RunSummary, TaskView } from "../session/protocol.ts";

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

/** What the loss is multiplied by now, and how many steps were skipped as their gradients overflowed. */
export interface Scaling {
  readonly lossScale: number;
  readonly skipped: number;
}

/** The events of one run, which carry its generation. */
type RunEvent = Extract<Event, { readonly generation: number }>;

/** Of what is finite, if anything is: a step that half precision skips has no gradient to speak of. */
function mean(values: Float64Array): number | undefined {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? values.at(-1) : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

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

/** The readings of the newest step in the history; what it does not say stays as it was. */
const lastReadings = ({ epoch, stepsPerSecond }: Readings, history: MetricsHistory): Readings => ({
  ...{ epoch: history.length === 0 ? undefined : epoch, stepsPerSecond },
  loss: history.loss.at(-1),
  gradNorm: history.gradNorm.at(-1),
  learningRate: history.learningRate.at(-1),
  train: history.train.at(-1),
  validation: history.validation.at(-1),
});

/** What the worker says about the run, as signals. */
export function createRunState() {
  const history = createMetrics();
  const [version, setVersion] = createSignal(0);
  const [readings, setReadings] = createSignal(noReadings);
  const [summary, setSummary] = createSignal<RunSummary>();
  const [playing, setPlaying] = createSignal(false);
  const [step, setStep] = createSignal(0);
  const [stopped, setStopped] = createSignal<string>();
  const [view, setView] = createSignal<TaskView>();
  const [examination, setExamination] = createSignal<Examination>();
  const [test, setTest] = createSignal<TestResult>();
  const [liveBytes, setLiveBytes] = createSignal<number>();
  const [nonFinite, setNonFinite] = createSignal<MetricsBatch["nonFinite"]>();
  const [broke, setBroke] = createSignal<Broke>();
  const [moved, setMoved] = createSignal<MoveReport>();
  const [measured, setMeasured] = createSignal<Measured>();
  const [scaling, setScaling] = createSignal<Scaling>();

  const mend = () => {
    setNonFinite(undefined);
    setBroke(undefined);
  };
  const endings = new Set<() => void>();
  const clear = () => {
    for (const ended of endings) ended();
    history.clear();
    setReadings(noReadings);
    mend();
    setMoved(undefined);
    setMeasured(undefined);
    setScaling(undefined);
    setStep(0);
    setVersion((count) => count + 1);
  };
  const on: { readonly [K in RunEvent["type"]]: (event: Extract<RunEvent, { readonly type: K }>) => void } = {
    ready: (event) => {
      clear();
      setView(undefined);
      setExamination(undefined);
      setTest(undefined);
      setStopped(undefined);
      setSummary(event.summary);
    },
    state: (event) => {
      // A reset keeps the generation: going back to step 0 is what tells that the old curves are over.
      if (event.step === 0 && step() > 0) clear();
      if (event.step === 0 && event.stopped === undefined) mend();
      setPlaying(event.playing);
      setStep(event.step);
      setStopped(event.stopped);
      setLiveBytes(event.liveBytes);
    },
    adapted: ({ summary: next }) => setSummary(next),
    moved: ({ report }) => setMoved(report),
    measured: (event) => {
      setMeasured(event.measured);
      history.measure(event.measured);
      setVersion((count) => count + 1);
    },
    broke: (event) => setBroke(event.broke),
    cut: (event) => {
      history.truncate(event.step);
      setScaling(undefined);
      mend();
      setMoved(undefined);
      setStep(event.step);
      setReadings((before) => lastReadings(before, history));
      setVersion((count) => count + 1);
    },
    device: ({ status }) => setSummary((before) => (before === undefined ? before : { ...before, device: status })),
    metrics: ({ metrics }) => {
      history.append(metrics);
      setReadings((before) => readingsAfter(before, metrics));
      const last = metrics.step.at(-1);
      if (last !== undefined) {
        setStep(last);
        mend();
        // The last move of a step is told of after its row
        setMoved((report) => (report !== undefined && report.step <= last ? undefined : report));
      }
      if (metrics.nonFinite !== undefined) setNonFinite(metrics.nonFinite);
      const lossScale = history.scaling.changes.at(-1)?.lossScale;
      if (metrics.scaling !== undefined && lossScale !== undefined) {
        setScaling({ lossScale, skipped: history.scaling.skipped.length });
      }
      setVersion((count) => count + 1);
    },
    view: (event) => setView(event.view),
    examined: (event) => setExamination(event.examination),
    tested: ({ evaluation, times }) => setTest({ evaluation, times }),
  };
  const receive = <K extends RunEvent["type"]>(type: K, event: Extract<RunEvent, { readonly type: K }>) =>
    on[type](event);
  return {
    ...{ history, version, readings, summary, playing, step, stopped, view, examination, test, nonFinite, liveBytes },
    ...{ broke, moved, measured, scaling, setPlaying, setTest, receive },
    /** Calls `ended` each time just before a run's curves go. */
    onEnd: (ended: () => void) => void endings.add(ended),
  };
}

export type RunState = ReturnType<typeof createRunState>;
