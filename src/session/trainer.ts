import { type Device, DeviceError } from "../devices/device.ts";
import { type Account, createAccount } from "./account.ts";
import type { RunConfig } from "./config.ts";
import { Journey, type Recovery } from "./journey.ts";
import { LiveRun, type LiveRunOptions } from "./liveRun.ts";
import { locateBreak } from "./nonFinite.ts";
import type { TrainerEvent, Wishes } from "./observer.ts";
import type { Evaluation } from "./protocol.ts";
import type { Run } from "./run.ts";
import { createStepper, type Stepper } from "./stepper.ts";
import { TrainingLoop } from "./trainingLoop.ts";
import type { NamedTensor } from "./weights.ts";

export type { Recovery } from "./journey.ts";

export interface TrainerOptions extends LiveRunOptions {
  readonly wishes: () => Wishes;
  /** Weights to start from where they fit; drawn ones if left out. */
  readonly weights?: ReadonlyMap<string, NamedTensor> | undefined;
  /** Takes what the page should know; the generation is the worker's to add. */
  readonly emit: (event: TrainerEvent) => void;
  /** Training stopped by itself: the device was lost, or something threw. The trainer still holds its last snapshot. */
  readonly onStopped: (error: unknown) => void;
}

/**
 * Trains one run and reports it: play, pause, single steps and moves, reset, rewind. Driven by the completion of the
 * device's work, never by animation frames, so that it goes on in a background tab.
 */
export class Trainer {
  /** Whether it was training when its device was lost, or was told to since. */
  wasPlaying = false;
  /** How many tensors fitted of the weights that it was given. */
  taken = 0;
  readonly #live: LiveRun;
  readonly #options: TrainerOptions;
  readonly #journey: Journey;
  readonly #account: Account;
  readonly #stepper: Stepper;
  readonly #loop: TrainingLoop;
  /** Work between two steps, after which training goes on: nobody needs to hear of the pause. */
  #isInterrupted = false;
  /** Why the last training ended by itself. */
  #stopped: string | undefined;

  private constructor(live: LiveRun, options: TrainerOptions, recovery?: Recovery) {
    this.#live = live;
    this.#options = options;
    this.#journey = new Journey(live, { recovery, validated: (validation) => this.#account.validated(validation) });
    this.#account = createAccount({ live, ...options, isPlaying: () => this.isPlaying });
    if (recovery !== undefined) this.#account.skipTo(recovery.reported);
    const { report, moved } = this.#account;
    const trained = (milliseconds: number) => this.#journey.stopping.trained(milliseconds);
    this.#stepper = createStepper({ live, report, trained, moved });
    this.#loop = new TrainingLoop({
      ...{ live, journey: this.#journey, stepper: this.#stepper, wishes: options.wishes, report },
      isBroken: () => this.#account.broken !== undefined,
      isLookDue: () => this.#account.isLookDue(),
      lookAround: () => this.#lookAround(),
      ended: (stopped) => this.#ended(stopped),
      failed: (error) => this.#stop(error),
    });
    options.device.lost.then((reason) => this.#stop(new DeviceError(`${options.device.label}: ${reason}`)));
  }

  /** Compiles the run and shows where it starts. With `recovery`, goes on from there. */
  static async start(options: TrainerOptions, recovery?: Recovery): Promise<Trainer> {
    const live = await LiveRun.create(options);
    try {
      const trainer = new Trainer(live, options, recovery);
      if (recovery === undefined && options.weights !== undefined) {
        trainer.taken = await trainer.#journey.startFrom(options.weights);
      }
      return trainer;
    } catch (error) {
      live.dispose();
      throw error;
    }
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
    return this.#loop.isPlaying;
  }

  /** What to go on with on another device: the last snapshot, or the start. */
  get recovery(): Recovery {
    return { ...this.#journey.recovery, reported: this.#account.reported };
  }

  /** Evaluates and draws the run as it stands. */
  look(): Promise<void> {
    return this.#account.look();
  }

  /** Looks at the training examples one by one; a run that is training does so by itself. */
  async examine(): Promise<void> {
    if (!this.isPlaying) await this.#account.examine();
  }

  /** Measures tensors and layers as they stand; a run that is training does so by itself. */
  async measure(): Promise<void> {
    if (this.isPlaying || this.run.step === 0) return;
    // A run that has just ended is looked at still
    await this.pause();
    await this.#account.measure();
  }

  play(): void {
    this.#loop.until = Number.POSITIVE_INFINITY;
    this.#go();
  }

  /** Trains to the end of the epoch. */
  async epoch(): Promise<void> {
    await this.pause();
    const { stepsPerEpoch, step } = this.run;
    this.#loop.until = step + stepsPerEpoch - (step % stepsPerEpoch);
    this.#go();
  }

  #go(): void {
    if (this.#account.isClosed) this.wasPlaying = true;
    if (this.isPlaying || this.#account.isClosed) return;
    this.#loop.start();
    this.#account.state();
  }

  /** Resolves when nothing is in flight any more. */
  pause(): Promise<void> {
    return this.#loop.pause();
  }

  /** One optimizer step, unless the run is over, then a look at it. */
  step(): Promise<void> {
    return this.#single(async () => {
      if (this.#options.wishes().isMeasuring) this.run.remember();
      await this.#stepper.step();
      this.#stepper.forgetMoves();
    });
  }

  /** The next of the four moves, unless the run is over; the last one is the step. */
  move(): Promise<void> {
    return this.#single(() => this.#stepper.move());
  }

  async #single(take: () => Promise<void>): Promise<void> {
    await this.pause();
    const checkIfDue = async () => (this.#journey.stopping.room === 0 ? this.#journey.stopping.check() : undefined);
    let stopped = await checkIfDue();
    if (stopped === undefined) {
      await take();
      stopped = this.#account.broken === undefined ? await checkIfDue() : await this.#halt(this.#account.broken);
    }
    await this.#account.settle(stopped);
  }

  /** Back to step 0 with the same weights; a run that was playing stays paused. */
  async reset(): Promise<void> {
    await this.pause();
    this.#journey.restart();
    this.#stepper.forgetMoves();
    await this.#account.restart();
  }

  /** Back to an earlier step, computed again from the nearest snapshot; from there on, `config` holds. */
  async rewind(step: number, config: RunConfig): Promise<boolean> {
    await this.pause();
    const target = Math.max(0, Math.min(step, this.run.step));
    await this.#goTo(target);
    const isPossible = await this.#journey.become(config);
    if (isPossible) {
      this.#journey.stopping.rewound();
      await this.#account.settle();
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
      this.#journey.adjust(config);
      return "adjusted";
    }
    const isPossible = await this.#interrupt(() => this.#journey.become(config));
    return isPossible ? "adapted" : "impossible";
  }

  /** The page wishes something else. */
  wishesChanged(): void {
    this.#loop.wake();
  }

  async test(): Promise<Evaluation> {
    const step = this.run.step;
    return { step, ...(await this.run.evaluate("test")) };
  }

  /** Ends the run and frees its memory; nothing is emitted afterwards. */
  async close(): Promise<void> {
    this.#account.close();
    await this.pause();
    this.#live.dispose();
  }

  #stop(error: unknown): void {
    if (this.#account.isClosed) return;
    this.wasPlaying = this.isPlaying;
    this.#loop.end();
    this.#account.flush();
    this.#account.close();
    this.#options.onStopped(error);
  }

  /** Does something while nothing is in flight; a run that was playing goes on, and the page hears of no pause. */
  async #interrupt<T>(work: () => Promise<T>): Promise<T> {
    const wasPlaying = this.isPlaying;
    const { until } = this.#loop;
    this.#isInterrupted = true;
    this.#stopped = undefined;
    try {
      await this.pause();
      return await work();
    } finally {
      this.#isInterrupted = false;
      this.#loop.until = until;
      if (wasPlaying && this.#stopped === undefined) this.#go();
      else if (!this.#account.isClosed) await this.#account.settle();
    }
  }

  async #ended(reason: string | undefined): Promise<void> {
    const { broken } = this.#account;
    const stopped = broken === undefined ? reason : await this.#halt(broken);
    if (stopped !== undefined || this.#loop.isAtEnd) this.#loop.end();
    this.#stopped = stopped;
    if (!this.#isInterrupted || stopped !== undefined) await this.#account.settle(stopped);
  }

  async #lookAround(): Promise<void> {
    if (this.#account.broken !== undefined) return;
    await this.#measure();
    await this.look();
    await this.#journey.keepSnapshot();
  }

  /** Measures tensors and layers over one step, if the page wants it. */
  async #measure(): Promise<void> {
    if (!this.#account.wantsMeasurements || this.#loop.room < 1 || this.#stepper.hasMoved) return;
    this.run.remember();
    await this.#stepper.step();
    if (this.#account.broken === undefined) await this.#account.measure();
  }

  /** Goes back to the last step before numbers stopped being finite. @returns why the run ended. */
  async #halt(step: number): Promise<string> {
    await this.#goTo(step - 1);
    const broke = await locateBreak(this.run, step);
    await this.#goTo(Math.max(0, broke.step - 1));
    this.#account.broke(broke);
    return `Stopped at step ${broke.step}: ${broke.tensor} is not a number.`;
  }

  async #goTo(step: number): Promise<void> {
    const passed = (fraction: number) => this.#account.goingBack(step, fraction);
    await this.#journey.goTo(step, { most: this.#loop.pace, passed });
    this.#stepper.forgetMoves();
    this.#account.cut(step);
  }
}
