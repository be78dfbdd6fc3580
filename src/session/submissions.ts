import type { LiveRun } from "./liveRun.ts";
import { createPace } from "./pace.ts";
import { MAX_STEPS } from "./run.ts";
import type { StepRows } from "./stepRows.ts";

/** Milliseconds of work in one submission: a frame stays possible between two. */
const SUBMISSION_MS = 10;
/** Submissions in flight: one runs while the next waits, so that the device never idles. */
const IN_FLIGHT = 2;

/** Steps that are handed to the device many at once. */
export interface Submissions {
  /** Steps of the next submission, by the time that the last ones took. */
  readonly steps: number;
  submit(steps: number): void;
  /** Resolves when the device may have another submission. */
  next(): Promise<void>;
  /** Resolves when nothing is in flight any more. */
  drain(): Promise<void>;
  /** The time of the next submission counts from now. */
  restart(now: number): void;
}

/** @param report takes the rows of a submission, and the milliseconds that they took. */
export function createSubmissions(live: LiveRun, report: (rows: StepRows, milliseconds: number) => void): Submissions {
  const pace = createPace({ target: SUBMISSION_MS, most: MAX_STEPS });
  const inFlight: Promise<void>[] = [];
  /** When the last submission was done. */
  let finished = 0;
  return {
    get steps() {
      return pace.steps;
    },
    submit(steps) {
      const submission = live.run.trainSteps(steps).then((rows) => {
        const now = performance.now();
        pace.took(steps, now - finished);
        report(rows, now - finished);
        finished = now;
      });
      submission.catch(() => undefined);
      inFlight.push(submission);
    },
    async next() {
      if (inFlight.length >= IN_FLIGHT) await inFlight.shift();
    },
    async drain() {
      await Promise.all(inFlight.splice(0));
    },
    restart(now) {
      finished = now;
    },
  };
}
