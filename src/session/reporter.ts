import { scalingOf } from "./lossScales.ts";
import type { Evaluation, MetricsBatch } from "./protocol.ts";
import { rowsAfter, type StepRows } from "./stepRows.ts";

/** Milliseconds between two messages to the page, at least: with submissions of 10 ms, 50 a second. */
const REPORT_MS = 15;
/** How quickly the shown speed follows: the weight of the newest submission. */
const SPEED_WEIGHT = 0.3;

/** Gathers what happens between two messages to the page. */
export interface Reporter {
  /** The last step that was handed on. */
  readonly reported: number;
  trained(rows: StepRows, milliseconds: number): void;
  evaluated(train: Evaluation | undefined, validation: Evaluation | undefined): void;
  /** The run broke there: sent with what there is. */
  broke(where: NonNullable<MetricsBatch["nonFinite"]>): void;
  /** Sends what there is. */
  flush(): void;
  /** Forgets everything: the run starts anew. */
  clear(): void;
  /** The steps up to `step`, and none after it, are what the page has. */
  skipTo(step: number): void;
}

/** Rows with the time that each step took. */
type TimedRows = StepRows & Pick<MetricsBatch, "seconds">;

export function createReporter(send: (metrics: MetricsBatch) => void): Reporter {
  let rows: TimedRows[] = [];
  let train: Evaluation[] = [];
  let validation: Evaluation[] = [];
  let reported = 0;
  let epoch = 0;
  let stepsPerSecond = 0;
  let sentAt = 0;
  /** Of the last step that was sent; none where the page may have forgotten it. */
  let lossScale: number | undefined;

  const column = (name: Exclude<keyof TimedRows, "nonFinite">): Float64Array => {
    const values = new Float64Array(rows.reduce((length, part) => length + part[name].length, 0));
    let filled = 0;
    for (const part of rows) {
      values.set(part[name], filled);
      filled += part[name].length;
    }
    return values;
  };

  const flush = (nonFinite?: MetricsBatch["nonFinite"]) => {
    if (rows.length === 0 && train.length === 0 && validation.length === 0 && nonFinite === undefined) return;
    const scaling = scalingOf(rows, lossScale);
    lossScale = scaling?.changes.at(-1)?.lossScale ?? lossScale;
    send({
      ...{ step: column("step"), loss: column("loss"), gradNorm: column("gradNorm") },
      ...{ learningRate: column("learningRate"), penalty: column("penalty"), clipFactor: column("clipFactor") },
      seconds: column("seconds"),
      ...(scaling && { scaling }),
      epoch,
      stepsPerSecond,
      train,
      validation,
      ...(nonFinite && { nonFinite }),
    });
    rows = [];
    train = [];
    validation = [];
    sentAt = performance.now();
  };

  return {
    get reported() {
      return reported;
    },
    trained(part, milliseconds) {
      const last = part.step.at(-1) ?? reported;
      const speed = (part.step.length * 1000) / Math.max(milliseconds, 0.01);
      stepsPerSecond = stepsPerSecond === 0 ? speed : stepsPerSecond + SPEED_WEIGHT * (speed - stepsPerSecond);
      if (last <= reported) return;
      const fresh = part.step[0] !== undefined && part.step[0] <= reported ? rowsAfter(part, reported) : part;
      rows.push({ ...fresh, seconds: new Float64Array(fresh.step.length).fill(1 / speed) });
      reported = last;
      epoch = part.epoch.at(-1) ?? epoch;
      if (performance.now() - sentAt >= REPORT_MS) flush();
    },
    evaluated(onTrain, onValidation) {
      if (onTrain !== undefined) train.push(onTrain);
      if (onValidation !== undefined) validation.push(onValidation);
      if (performance.now() - sentAt >= REPORT_MS) flush();
    },
    broke: ({ step, tensor }) => flush({ step, tensor }),
    flush: () => flush(),
    clear() {
      rows = [];
      train = [];
      validation = [];
      reported = 0;
      epoch = 0;
      stepsPerSecond = 0;
      lossScale = undefined;
    },
    skipTo(step) {
      reported = step;
      lossScale = undefined;
    },
  };
}
