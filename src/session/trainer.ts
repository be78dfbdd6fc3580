import { type Device, DeviceError } from "../devices/device.ts";
import type { RunConfig } from "./config.ts";
import { type Course, createCourse } from "./course.ts";
import { LiveRun, type LiveRunOptions } from "./liveRun.ts";
import { type MoveReport, moveAfter, reportOf, updateOf } from "./moveReport.ts";
import { type Broke, brokenStep, findNonFinite } from "./nonFinite.ts";
import { createObserver, type Observer, type TrainerEvent, type Wishes } from "./observer.ts";
import { createPace, type Pace } from "./pace.ts";
import type { Evaluation } from "./protocol.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { createRhythm, createSleep } from "./rhythm.ts";
import { MAX_STEPS, type Run } from "./run.ts";
import { rowsBefore, type StepRows } from "./stepRows.ts";
import { createStopping, type Stopping, type StoppingMemory } from "./stopping.ts";
import { yieldToMessages } from "./turns.ts";
import type { NamedTensor } from "./weights.ts";

/** Milliseconds of work in one submission: a frame stays possible between two. */
const SUBMISSION_MS = 10;
/** Submissions in flight: one runs while the next waits, so that the device never idles. */
const IN_FLIGHT = 2;
/** Milliseconds between snapshots: what a lost device costs at most. */
const SNAPSHOT_MS = 2000;
/** Up to this many steps per second, each is taken move by move. */
const MOVES_UP_TO = 10;
const MOVES_PER_STEP = 4;

export interface TrainerOptions extends LiveRunOptions {
  readonly wishes: () => Wishes;
  /** Weights to start from where they fit; drawn ones if left out. */
  readonly weights?: ReadonlyMap<string, NamedTensor> | undefined;
  /** Takes what the page should know; the generation is the worker's to add. */
  readonly emit: (event: TrainerEvent) => void;
  /** Training stopped by itself: the device was lost, or something threw. The trainer still holds its last snapshot. */
  readonly onStopped: (error: unknown) => void;
}

/** Where a run goes on after its device was lost. */
export interface Recovery {
  readonly config: RunConfig;
  readonly course: Course;
  /** Steps that the page has seen already: they are computed again, and not reported twice. */
  readonly reported: number;
  readonly stopping: StoppingMemory;
}

/**
 * Trains one run and reports it: play, pause, single steps and moves, reset, rewind. Driven by the completion of the
 * device's work, never by animation frames, so that it goes on in a background tab.
 */
export class Trainer {
  /** Whether it was training when its device was lost. */
  wasPlaying = false;
  /** How many tensors fitted of the weights that it was given. */
  taken = 0;
  readonly #live: LiveRun;
  readonly #options: TrainerOptions;
  readonly #pace: Pace = createPace({ target: SUBMISSION_MS, most: MAX_STEPS });
  readonly #rhythm = createRhythm();
  readonly #sleep = createSleep();
  readonly #reporter: Reporter;
  readonly #observer: Observer;
  readonly #emit: (event: TrainerEvent) => void;
  #stopping: Stopping;
  #course: Course;
  #playing = false;
  #closed = false;
  #loop: Promise<void> = Promise.resolve();
  #inFlight: Promise<void>[] = [];
  /** When the last submission was done. */
  #finished = 0;
  /** The step at which it pauses by itself. */
  #until = Number.POSITIVE_INFINITY;
  /** Work between two steps, after which training goes on: nobody needs to hear of the pause. */
  #isInterrupted = false;
  /** Why the last training ended by itself. */
  #stopped: string | undefined;
  /** The first step with numbers that are not finite. */
  #broken: number | undefined;
  #lastMove: MoveReport["move"] | undefined;
  #snapshotAt = 0;

  private constructor(live: LiveRun, options: TrainerOptions, recovery?: Recovery) {
    this.#live = live;
    this.#options = options;
    this.#course = recovery?.course ?? createCourse(options.config);
    this.#stopping = this.#createStopping(recovery?.stopping);
    this.#emit = (event) => {
      if (!this.#closed) options.emit(event);
    };
    this.#reporter = createReporter((metrics) => this.#emit({ type: "metrics", metrics }));
    this.#observer = createObserver({ live, reporter: this.#reporter, wishes: options.wishes, emit: this.#emit });
    options.device.lost.then((reason) => this.#stop(new DeviceError(`${options.device.label}: ${reason}`)));
  }

  /** Compiles the run and shows where it starts. With `recovery`, goes on from there. */
  static async start(options: TrainerOptions, recovery?: Recovery): Promise<Trainer> {
    const live = await LiveRun.create(options);
    const trainer = new Trainer(live, options, recovery);
    if (recovery !== undefined) {
      const { newest } = recovery.course;
      if (newest !== undefined) live.run.restore(newest);
      recovery.course.cut(live.run.step);
      recovery.course.change(live.run.step, options.config);
      trainer.#reporter.skipTo(recovery.reported);
    } else if (options.weights !== undefined) {
      trainer.taken = await live.takeWeights(options.weights);
      trainer.#course = createCourse(options.config, await live.run.snapshot());
    }
    return trainer;
  }

  get run(): Run {
    return this.#live.run;
  }

  get live(): LiveRun {
    return this.#live;
  }

  get device(): Device {
    return this.#options.device;
  }

  get isPlaying(): boolean {
    return this.#playing;
  }

  /** What to go on with on another device: the last snapshot, or the start. */
  get recovery(): Recovery {
    return {
      ...{ config: this.#live.config, course: this.#course },
      ...{ reported: this.#reporter.reported, stopping: this.#stopping.memory },
    };
  }

  /** Evaluates and draws the run as it stands. */
  look(): Promise<void> {
    return this.#observer.look();
  }

  /** Looks at the training examples one by one; a run that is training does so by itself. */
  async examine(): Promise<void> {
    if (!this.#playing) await this.#observer.examine();
  }

  play(): void {
    this.#until = Number.POSITIVE_INFINITY;
    this.#go();
  }

  /** Trains to the end of the epoch. */
  async epoch(): Promise<void> {
    await this.pause();
    const { stepsPerEpoch, step } = this.run;
    this.#until = step + stepsPerEpoch - (step % stepsPerEpoch);
    this.#go();
  }

  #go(): void {
    if (this.#playing || this.#closed) return;
    this.#playing = true;
    this.#loop = this.#loop.then(() => this.#train()).catch((error: unknown) => this.#stop(error));
    this.#state();
  }

  /** Resolves when nothing is in flight any more. */
  async pause(): Promise<void> {
    this.#playing = false;
    this.#sleep.wake();
    await this.#loop;
  }

  /** One optimizer step, unless the run is over, then a look at it. */
  step(): Promise<void> {
    return this.#single(async () => {
      if (this.#options.wishes().isMeasuring) this.run.remember();
      await this.#takeStep();
      this.#lastMove = undefined;
    });
  }

  /** The next of the four moves, unless the run is over; the last one is the step. */
  move(): Promise<void> {
    return this.#single(() => this.#takeMove());
  }

  async #single(take: () => Promise<void>): Promise<void> {
    await this.pause();
    let stopped = this.#stopping.room === 0 ? await this.#stopping.check() : undefined;
    if (stopped === undefined) {
      await take();
      if (this.#broken !== undefined) stopped = await this.#halt(this.#broken);
      else if (this.#stopping.room === 0) stopped = await this.#stopping.check();
    }
    await this.#settle(stopped);
  }

  /** Back to step 0 with the same weights; a run that was playing stays paused. */
  async reset(): Promise<void> {
    await this.pause();
    const start = this.#course.before(0);
    if (start === undefined) this.run.reset();
    else this.run.restore(start);
    this.#course = createCourse(this.#live.config, start);
    this.#stopping.reset();
    this.#lastMove = undefined;
    this.#reporter.clear();
    this.#state();
    await this.look();
    this.#reporter.flush();
  }

  /** Back to an earlier step, computed again from the nearest snapshot; from there on, `config` holds. */
  async rewind(step: number, config: RunConfig): Promise<boolean> {
    await this.pause();
    const target = Math.max(0, Math.min(step, this.run.step));
    await this.#goTo(target);
    const isPossible = await this.#live.become(config);
    if (isPossible) {
      this.#course.change(target, config);
      this.#stopping = this.#createStopping(this.#stopping.memory);
      this.#stopping.rewound();
      await this.#settle();
    }
    return isPossible;
  }

  /**
   * A changed configuration from the next step on, whatever program it needs. Throws a `RunError` where it contradicts
   * itself.
   *
   * @returns what happened: values were adjusted, another program goes on, or the parameters are others and nothing did.
   */
  async change(config: RunConfig): Promise<"adjusted" | "adapted" | "impossible"> {
    if (this.#live.canAdjust(config)) {
      this.#stopping.limit(config.stopping);
      this.#live.adjust(config);
      this.#course.change(this.run.step, config);
      return "adjusted";
    }
    const isPossible = await this.#interrupt(async () => {
      if (!(await this.#live.become(config))) return false;
      this.#course.change(this.run.step, config);
      this.#stopping = this.#createStopping(this.#stopping.memory);
      return true;
    });
    return isPossible ? "adapted" : "impossible";
  }

  /** The page wishes something else. */
  wishesChanged(): void {
    this.#rhythm.restart(performance.now());
    this.#sleep.wake();
  }

  async test(): Promise<Evaluation> {
    const step = this.run.step;
    return { step, ...(await this.run.evaluate("test")) };
  }

  /** Ends the run and frees its memory; nothing is emitted afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.pause();
    this.#live.dispose();
  }

  #createStopping(memory?: StoppingMemory): Stopping {
    const { run, config, data } = this.#live;
    return createStopping({
      ...{ run, limits: config.stopping, accumulation: config.compute.accumulation, ...(memory && { memory }) },
      counts: { train: data.splits.train.count, validation: data.splits.validation.count },
    });
  }

  #stop(error: unknown): void {
    if (this.#closed) return;
    this.wasPlaying = this.#playing;
    this.#playing = false;
    this.#reporter.flush();
    this.#closed = true;
    this.#options.onStopped(error);
  }

  /** Does something while nothing is in flight; a run that was playing goes on, and the page hears of no pause. */
  async #interrupt<T>(work: () => Promise<T>): Promise<T> {
    const wasPlaying = this.#playing;
    const until = this.#until;
    this.#isInterrupted = true;
    this.#stopped = undefined;
    try {
      await this.pause();
      return await work();
    } finally {
      this.#isInterrupted = false;
      this.#until = until;
      if (wasPlaying && this.#stopped === undefined) this.#go();
      else if (!this.#closed) await this.#settle();
    }
  }

  async #train(): Promise<void> {
    this.#finished = performance.now();
    this.#rhythm.restart(this.#finished);
    let stopped: string | undefined;
    while (this.#playing && this.#broken === undefined) {
      const started = performance.now();
      if (this.#stopping.room === 0) {
        await this.#drain();
        stopped = await this.#stopping.check();
        this.#finished = performance.now();
      }
      if (stopped !== undefined || this.run.step >= this.#until) break;
      const { stepsPerSecond } = this.#options.wishes();
      if (Number.isFinite(stepsPerSecond)) await this.#slowTurn(stepsPerSecond);
      else await this.#fastTurn();
      await yieldToMessages();
      if (this.#observer.isDue(this.run.step)) await this.#lookAround();
      this.#stopping.trained(performance.now() - started);
    }
    await this.#drain();
    if (this.#broken !== undefined) stopped = await this.#halt(this.#broken);
    if (stopped !== undefined || this.run.step >= this.#until) this.#playing = false;
    this.#stopped = stopped;
    if (!this.#isInterrupted || stopped !== undefined) await this.#settle(stopped);
  }

  /** Steps that the next submission may have. */
  get #room(): number {
    return Math.min(this.#pace.steps, this.#stopping.room, this.#until - this.run.step);
  }

  async #fastTurn(): Promise<void> {
    this.#submit(this.#room);
    if (this.#inFlight.length >= IN_FLIGHT) await this.#inFlight.shift();
  }

  /** As many steps as are due by now, or one move. */
  async #slowTurn(stepsPerSecond: number): Promise<void> {
    await this.#drain();
    const now = performance.now();
    const wait = this.#rhythm.wait(now);
    if (wait > 0) return this.#sleep.sleep(wait);
    this.#finished = now;
    const interval = 1000 / stepsPerSecond;
    if (stepsPerSecond <= MOVES_UP_TO) {
      this.#rhythm.due(now, interval);
      await this.#takeMove();
      this.#rhythm.took(1, interval / MOVES_PER_STEP);
      return;
    }
    const steps = Math.min(this.#room, this.#rhythm.due(now, interval));
    this.#submit(steps);
    this.#rhythm.took(steps, interval);
    await this.#drain();
  }

  #submit(steps: number): void {
    const submission = this.run.trainSteps(steps).then((rows) => {
      const now = performance.now();
      this.#pace.took(steps, now - this.#finished);
      this.#report(rows, now - this.#finished);
      this.#finished = now;
    });
    submission.catch(() => undefined);
    this.#inFlight.push(submission);
  }

  async #drain(): Promise<void> {
    await Promise.all(this.#inFlight.splice(0));
  }

  async #takeStep(): Promise<void> {
    const started = performance.now();
    const rows = await this.run.trainSteps(1);
    this.#report(rows, performance.now() - started);
    this.#stopping.trained(performance.now() - started);
  }

  async #takeMove(): Promise<void> {
    const move = moveAfter(this.#lastMove);
    const values = move === "update" ? await updateOf(this.run, () => this.#takeStep()) : await this.run.tryMove(move);
    this.#lastMove = move;
    this.#emit({ type: "moved", report: reportOf(values) });
  }

  async #lookAround(): Promise<void> {
    await this.#drain();
    if (this.#broken === undefined) {
      await this.#measure();
      await this.look();
      await this.#keepSnapshot();
    }
    this.#finished = performance.now();
  }

  /** Measures tensors and layers over one step, if the page wants it. */
  async #measure(): Promise<void> {
    if (!this.#observer.wantsMeasurements || this.#room < 1 || this.#lastMove !== undefined) return;
    this.run.remember();
    await this.#takeStep();
    if (this.#broken === undefined) await this.#observer.measure();
  }

  async #settle(stopped?: string): Promise<void> {
    if (this.#options.wishes().isMeasuring && this.run.step > 0) await this.#observer.measure();
    await this.look();
    this.#reporter.flush();
    this.#state(stopped);
  }

  async #keepSnapshot(): Promise<void> {
    if (performance.now() - this.#snapshotAt < SNAPSHOT_MS) return;
    this.#course.keep(await this.run.snapshot());
    this.#snapshotAt = performance.now();
  }

  #report(rows: StepRows, milliseconds: number): void {
    if (this.#closed || this.#broken !== undefined) return;
    this.#broken = brokenStep(rows);
    this.#reporter.trained(this.#broken === undefined ? rows : rowsBefore(rows, this.#broken), milliseconds);
  }

  /** Goes back to the last step before numbers stopped being finite. @returns why the run ended. */
  async #halt(step: number): Promise<string> {
    await this.#goTo(step - 1);
    const found = await findNonFinite(this.run);
    const broke: Broke = found ?? { step, move: "loss", tensor: "loss", size: 1, count: 1, value: Number.NaN };
    await this.#goTo(Math.max(0, broke.step - 1));
    this.#reporter.broke(broke);
    this.#emit({ type: "broke", broke });
    return `Stopped at step ${broke.step}: ${broke.tensor} is not a number.`;
  }

  async #goTo(step: number): Promise<void> {
    await this.#live.goTo(this.#course, step, this.#pace.steps);
    this.#course.cut(step);
    this.#broken = undefined;
    this.#lastMove = undefined;
    this.#observer.moved();
    this.#reporter.flush();
    this.#reporter.skipTo(step);
    this.#emit({ type: "cut", step });
  }

  /** `stopped`: why the run ended by itself. */
  #state(stopped?: string): void {
    const { liveBytes } = this.#options.device;
    const ended = stopped === undefined ? {} : { stopped };
    this.#emit({ type: "state", playing: this.#playing, step: this.run.step, liveBytes, ...ended });
  }
}
