import { formatCount } from "../lib/format.ts";
import type { LiveRun } from "./liveRun.ts";
import type { MoveReport } from "./moveReport.ts";
import { type Broke, brokenStep } from "./nonFinite.ts";
import { createObserver, type Observer, type TrainerEvent, type Wishes } from "./observer.ts";
import type { Evaluation } from "./protocol.ts";
import { createReporter } from "./reporter.ts";
import { rowsBefore, type StepRows } from "./stepRows.ts";

/** Milliseconds between two words on a way back. */
const WAY_BACK_MS = 100;

export interface AccountOptions {
  readonly live: LiveRun;
  readonly wishes: () => Wishes;
  readonly emit: (event: TrainerEvent) => void;
  readonly isPlaying: () => boolean;
}

/** Tells the page of one run: its steps, its state, and what is seen of it, until it is closed. */
export interface Account extends Pick<Observer, "look" | "measure" | "examine" | "wantsMeasurements"> {
  /** The first step with numbers that are not finite; nothing after it is told. */
  readonly broken: number | undefined;
  /** The last step that the page has. */
  readonly reported: number;
  readonly isClosed: boolean;
  isLookDue(): boolean;
  report(rows: StepRows, milliseconds: number): void;
  moved(report: MoveReport): void;
  /** The validation split was evaluated as the run stands. */
  validated(validation: Evaluation): void;
  /** `stopped`: why the run ended by itself. */
  state(stopped?: string): void;
  /** Shows the run as it stands when training has paused or ended. */
  settle(stopped?: string): Promise<void>;
  /** Shows a run that starts anew. */
  restart(): Promise<void>;
  broke(broke: Broke): void;
  /** The run computes the steps up to an earlier one again; so much of that is done. */
  goingBack(step: number, fraction: number): void;
  /** The run is at an earlier step: the page forgets what came later. */
  cut(step: number): void;
  /** The page has the steps up to this one. */
  skipTo(step: number): void;
  flush(): void;
  /** Nothing is told afterwards. */
  close(): void;
}

export function createAccount({ live, wishes, isPlaying, ...options }: AccountOptions): Account {
  let isClosed = false;
  let broken: number | undefined;
  let toldAt = 0;
  const emit = (event: TrainerEvent) => {
    if (!isClosed) options.emit(event);
  };
  const reporter = createReporter((metrics) => emit({ type: "metrics", metrics }));
  const observer = createObserver({ live, reporter, wishes, emit });
  const { look, measure, examine } = observer;
  const state = (stopped?: string) => {
    const ended = stopped === undefined ? {} : { stopped };
    emit({ type: "state", playing: isPlaying(), step: live.run.step, liveBytes: live.device.liveBytes, ...ended });
  };
  return {
    ...{ look, measure, examine, state },
    get broken() {
      return broken;
    },
    get reported() {
      return reporter.reported;
    },
    get isClosed() {
      return isClosed;
    },
    get wantsMeasurements() {
      return observer.wantsMeasurements;
    },
    isLookDue: () => observer.isDue(live.run.step),
    report(rows, milliseconds) {
      if (isClosed || broken !== undefined) return;
      broken = brokenStep(rows);
      reporter.trained(broken === undefined ? rows : rowsBefore(rows, broken), milliseconds);
    },
    validated: (validation) => reporter.evaluated(undefined, validation),
    moved: (report) => emit({ type: "moved", report }),
    async settle(stopped) {
      if (wishes().isMeasuring && live.run.step > 0) await measure();
      await look();
      reporter.flush();
      state(stopped);
    },
    async restart() {
      reporter.clear();
      state();
      await look();
      reporter.flush();
    },
    broke(broke) {
      reporter.broke(broke);
      emit({ type: "broke", broke });
    },
    goingBack(step, fraction) {
      if (performance.now() - toldAt < WAY_BACK_MS) return;
      toldAt = performance.now();
      emit({ type: "progress", message: `Going back to step ${formatCount(step)}.`, fraction });
    },
    cut(step) {
      broken = undefined;
      observer.moved();
      reporter.flush();
      reporter.skipTo(step);
      emit({ type: "cut", step });
    },
    skipTo: reporter.skipTo,
    flush: reporter.flush,
    close() {
      isClosed = true;
    },
  };
}
