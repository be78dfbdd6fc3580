import type { LiveRun } from "./liveRun.ts";
import { type MoveReport, moveAfter, reportOf, updateOf } from "./moveReport.ts";
import type { StepRows } from "./stepRows.ts";

export interface StepperOptions {
  readonly live: LiveRun;
  /** A step gave these rows, and took so long. */
  readonly report: (rows: StepRows, milliseconds: number) => void;
  /** Training took so long, the report included. */
  readonly trained: (milliseconds: number) => void;
  readonly moved: (report: MoveReport) => void;
}

/** Takes steps one by one, or move by move. To be called when no steps are in flight. */
export interface Stepper {
  /** Whether the last thing taken was a move. */
  readonly hasMoved: boolean;
  step(): Promise<void>;
  /** The next of the four moves; the last one is the step. */
  move(): Promise<void>;
  /** The next move is the first of a step. */
  forgetMoves(): void;
}

/** Units of each layer: rows of its weights. */
const widthsOf = ({ run }: LiveRun): readonly number[] =>
  run.plan.specs.filter(({ name }) => name.endsWith(".weight")).map(({ shape: [width = 1] }) => width);

export function createStepper({ live, report, trained, moved }: StepperOptions): Stepper {
  let lastMove: MoveReport["move"] | undefined;
  const step = async () => {
    const started = performance.now();
    const rows = await live.run.trainSteps(1);
    report(rows, performance.now() - started);
    trained(performance.now() - started);
  };
  return {
    get hasMoved() {
      return lastMove !== undefined;
    },
    step,
    async move() {
      const move = moveAfter(lastMove);
      const values = move === "update" ? await updateOf(live.run, step) : await live.run.tryMove(move);
      lastMove = move;
      moved(reportOf(values, widthsOf(live)));
    },
    forgetMoves() {
      lastMove = undefined;
    },
  };
}
