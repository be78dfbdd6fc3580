import type { Evaluation, MetricsBatch } from "./protocol.ts";
import type { StepRows } from "./stepRows.ts";

/** Milliseconds between two messages to the page: 30 a second. */
const REPORT_MS = 33;
/** How quickly the shown speed follows: the weight of the newest submission. */
const SPEED_WEIGHT = 0.3;

/** Gathers what happens between two messages to the page. */
export interface Reporter {
  /** The last step that was handed on. */
  readonly reported: number;
  trained(rows: StepRows, milliseconds: number): void;
  evaluated(train: Evaluation | undefined, validation: Evaluation | undefined): void;
  /** Sends what there is. */
  flush(): void;
  /** Forgets everything: the run starts anew. */
  clear(): void;
  /** Drops the rows of steps up to `step`: the page has them already. */
  skipTo(step: number): void;
}

export function createReporter(send: (metrics: MetricsBatch) => void): Reporter {
  let rows: StepRows[] = [];
  let train: Evaluation[] = [];
  let validation: Evaluation[] = [];
  let reported = 0;
  let epoch = 0;
  let stepsPerSecond = 0;
  let sentAt = 0;

  const column = (name: "step" | "loss" | "gradNorm" | "learningRate"): Float64Array =>
    Float64Array.from(rows.flatMap((part) => [...part[name]]));

  const flush = () => {
    if (rows.length === 0 && train.length === 0 && validation.length === 0) return;
    const nonFinite = rows.find((part) => part.nonFinite !== undefined)?.nonFinite;
    const columns = { loss: column("loss"), gradNorm: column("gradNorm"), learningRate: column("learningRate") };
    send({
      step: column("step"),
      ...columns,
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
      rows.push(part.step[0] !== undefined && part.step[0] <= reported ? after(part, reported) : part);
      reported = last;
      epoch = part.epoch.at(-1) ?? epoch;
      if (performance.now() - sentAt >= REPORT_MS) flush();
    },
    evaluated(onTrain, onValidation) {
      if (onTrain !== undefined) train.push(onTrain);
      if (onValidation !== undefined) validation.push(onValidation);
      if (performance.now() - sentAt >= REPORT_MS) flush();
    },
    flush,
    clear() {
      rows = [];
      train = [];
      validation = [];
      reported = 0;
      epoch = 0;
      stepsPerSecond = 0;
    },
    skipTo(step) {
      reported = step;
    },
  };
}

/** The rows of steps after `step`. */
function after(rows: StepRows, step: number): StepRows {
  const from = rows.step.findIndex((value) => value > step);
  return {
    step: rows.step.subarray(from),
    epoch: rows.epoch.subarray(from),
    loss: rows.loss.subarray(from),
    gradNorm: rows.gradNorm.subarray(from),
    learningRate: rows.learningRate.subarray(from),
    ...(rows.nonFinite === undefined ? {} : { nonFinite: rows.nonFinite }),
  };
}
