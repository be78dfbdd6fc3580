import { type Examiner, planExamination } from "./examination.ts";
import type { LiveRun } from "./liveRun.ts";
import type { Evaluation, Event } from "./protocol.ts";
import type { Reporter } from "./reporter.ts";

/** Milliseconds between two looks, and the share of the time that they take at most. */
interface Schedule {
  readonly every: number;
  readonly share: number;
}

/** Evaluations and the picture; tensors and layers; the training examples one by one. */
const looks: Schedule = { every: 100, share: 0.2 };
/** A run that is so many times longer than at the last look is looked at sooner: most happens at the beginning. */
const GROWTH = 1.25;
/** Milliseconds of looking that the beginning has on top of its share: a hundred steps can be over before the second look. */
const HEAD_START = 150;
/** Of so many times the shortest is what a work takes: compiling and whatever else the machine does only make it longer. */
const RECENT = 4;
const measurements: Schedule = { every: 300, share: 0.1 };
const examinations: Schedule = { every: 300, share: 0.1 };

/** What the page asks of every run. */
export interface Wishes {
  /** Infinity: as many as there can be. */
  readonly stepsPerSecond: number;
  readonly isMeasuring: boolean;
  readonly isExamining: boolean;
}

/** What the worker tells about a run while it trains. */
type Emitted = Extract<
  Event,
  { readonly type: "state" | "metrics" | "view" | "moved" | "measured" | "examined" | "broke" | "cut" | "progress" }
>;
/** An event without its generation. */
export type TrainerEvent = Emitted extends infer E ? (E extends Emitted ? Omit<E, "generation"> : never) : never;

export interface ObserverOptions {
  readonly live: LiveRun;
  readonly reporter: Reporter;
  readonly wishes: () => Wishes;
  readonly emit: (event: TrainerEvent) => void;
}

/** Looks at a run between its steps, and tells what it sees. To be called when no steps are in flight. */
export interface Observer {
  /** Whether it is time to look at a run that stands at this step. */
  isDue(step: number): boolean;
  /** Whether the page wants measurements now. */
  readonly wantsMeasurements: boolean;
  /** Evaluates and draws the run as it stands; examines it if the page wants that. */
  look(): Promise<void>;
  measure(): Promise<void>;
  examine(): Promise<void>;
  /** The run is not where it was when it was looked at. */
  moved(): void;
}

export function createObserver({ live, reporter, wishes, emit }: ObserverOptions): Observer {
  const next = { look: 0, measure: 0, examine: 0 };
  const took: Record<keyof typeof next, readonly number[]> = { look: [], measure: [], examine: [] };
  let lookedAt = -1;
  /** When looking takes its share at most. */
  let affordable = 0;
  let headStart = HEAD_START;
  let measuredAt: number | undefined;
  let examined: { readonly of: unknown; readonly examiner: Examiner } | undefined;

  const evaluate = async (split: "train" | "validation"): Promise<Evaluation | undefined> => {
    if (live.data.splits[split].count === 0) return undefined;
    const { step } = live.run;
    return { step, ...(await live.run.evaluate(split)) };
  };
  const timed = async (name: keyof typeof next, { every, share }: Schedule, work: () => Promise<void>) => {
    const started = performance.now();
    await work();
    const ended = performance.now();
    took[name] = [...took[name].slice(1 - RECENT), ended - started];
    const pause = Math.min(...took[name]) / share;
    next[name] = ended + Math.max(every, pause);
    if (name !== "look") return;
    headStart -= ended - started;
    affordable = headStart > 0 ? 0 : ended + pause;
  };
  const beginAnew = () => {
    headStart = HEAD_START;
    affordable = 0;
  };
  const examinerNow = (): Examiner => {
    if (examined?.of !== live.data) examined = { of: live.data, examiner: planExamination(live.data) };
    return examined.examiner;
  };
  const examine = () =>
    timed("examine", examinations, async () => {
      const { inputs, examine: judge } = examinerNow();
      const { step } = live.run;
      emit({ type: "examined", examination: judge(await live.run.predictFor(inputs), step) });
    });
  return {
    isDue: (step) => step !== lookedAt && performance.now() >= (step >= GROWTH * lookedAt ? affordable : next.look),
    get wantsMeasurements() {
      return wishes().isMeasuring && performance.now() >= next.measure;
    },
    async look() {
      await timed("look", looks, async () => {
        const { step } = live.run;
        const [train, validation] = [await evaluate("train"), await evaluate("validation")];
        reporter.evaluated(train, validation);
        emit({ type: "view", view: live.view.draw(await live.run.predict(), step) });
        lookedAt = step;
      });
      // Before the first step nothing was trained that a look could take its share from
      if (lookedAt === 0) beginAnew();
      if (wishes().isExamining && performance.now() >= next.examine) await examine();
    },
    measure: () =>
      timed("measure", measurements, async () => {
        const started = performance.now();
        const measured = await live.run.measure();
        const ended = performance.now();
        const share = measuredAt === undefined ? {} : { share: (ended - started) / (ended - measuredAt) };
        measuredAt = ended;
        emit({ type: "measured", measured: { ...measured, liveBytes: live.device.liveBytes, ...share } });
      }),
    examine,
    moved() {
      lookedAt = -1;
    },
  };
}
