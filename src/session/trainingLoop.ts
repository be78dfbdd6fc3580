import type { Journey } from "./journey.ts";
import type { LiveRun } from "./liveRun.ts";
import type { Wishes } from "./observer.ts";
import { createRhythm, createSleep } from "./rhythm.ts";
import type { Stepper } from "./stepper.ts";
import type { StepRows } from "./stepRows.ts";
import { createSubmissions, type Submissions } from "./submissions.ts";
import { yieldToMessages } from "./turns.ts";

/** Up to this many steps per second, each is taken move by move. */
const MOVES_UP_TO = 10;
const MOVES_PER_STEP = 4;

export interface TrainingLoopOptions {
  readonly live: LiveRun;
  readonly journey: Journey;
  readonly stepper: Stepper;
  readonly wishes: () => Wishes;
  readonly report: (rows: StepRows, milliseconds: number) => void;
  /** Whether numbers are not finite any more. */
  readonly isBroken: () => boolean;
  /** Whether it is time to look at the run, and the look. */
  readonly isLookDue: () => boolean;
  readonly lookAround: () => Promise<void>;
  /** Nothing is in flight any more; `stopped` says why the run is over. */
  readonly ended: (stopped: string | undefined) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Takes steps, as fast as they go or at the speed that the page wishes, until it is told to pause or the run ends. */
export class TrainingLoop {
  /** The step at which it pauses by itself. */
  until = Number.POSITIVE_INFINITY;
  readonly #options: TrainingLoopOptions;
  readonly #submissions: Submissions;
  readonly #rhythm = createRhythm();
  readonly #sleep = createSleep();
  #isPlaying = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: TrainingLoopOptions) {
    this.#options = options;
    this.#submissions = createSubmissions(options.live, options.report);
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get isAtEnd(): boolean {
    return this.#options.live.run.step >= this.until;
  }

  /** Steps of one submission. */
  get pace(): number {
    return this.#submissions.steps;
  }

  /** Steps that the next submission may have. */
  get room(): number {
    const { live, journey } = this.#options;
    return Math.min(this.pace, journey.stopping.room, this.until - live.run.step);
  }

  start(): void {
    this.#isPlaying = true;
    this.#loop = this.#loop.then(() => this.#train()).catch(this.#options.failed);
  }

  /** No further turn; what is in flight is not waited for. */
  end(): void {
    this.#isPlaying = false;
  }

  /** Resolves when nothing is in flight any more. */
  async pause(): Promise<void> {
    this.end();
    this.#sleep.wake();
    await this.#loop;
  }

  /** The speed is another one: the next step is due now. */
  wake(): void {
    this.#rhythm.restart(performance.now());
    this.#sleep.wake();
  }

  async #train(): Promise<void> {
    const { journey, isBroken, isLookDue, lookAround, ended } = this.#options;
    const begun = performance.now();
    this.#submissions.restart(begun);
    this.#rhythm.restart(begun);
    let stopped: string | undefined;
    while (this.#isPlaying && !isBroken()) {
      const started = performance.now();
      if (journey.stopping.room === 0) stopped = await this.#between(() => journey.stopping.check());
      if (stopped !== undefined || this.isAtEnd) break;
      await this.#turn();
      await yieldToMessages();
      if (isLookDue()) await this.#between(lookAround);
      journey.stopping.trained(performance.now() - started);
    }
    await this.#submissions.drain();
    await ended(stopped);
  }

  /** Does something while nothing is in flight, whose time is none of the next submission's. */
  async #between<T>(work: () => Promise<T>): Promise<T> {
    await this.#submissions.drain();
    const result = await work();
    this.#submissions.restart(performance.now());
    return result;
  }

  async #turn(): Promise<void> {
    const { stepsPerSecond } = this.#options.wishes();
    if (Number.isFinite(stepsPerSecond)) return this.#slowTurn(stepsPerSecond);
    this.#submissions.submit(this.room);
    await this.#submissions.next();
  }

  /** As many steps as are due by now, or one move. */
  async #slowTurn(stepsPerSecond: number): Promise<void> {
    await this.#submissions.drain();
    const now = performance.now();
    const wait = this.#rhythm.wait(now);
    if (wait > 0) return this.#sleep.sleep(wait);
    this.#submissions.restart(now);
    const interval = 1000 / stepsPerSecond;
    if (stepsPerSecond <= MOVES_UP_TO) {
      this.#rhythm.due(now, interval);
      await this.#options.stepper.move();
      this.#rhythm.took(1, interval / MOVES_PER_STEP);
      return;
    }
    const steps = Math.min(this.room, this.#rhythm.due(now, interval));
    this.#submissions.submit(steps);
    this.#rhythm.took(steps, interval);
    await this.#submissions.drain();
  }
}
