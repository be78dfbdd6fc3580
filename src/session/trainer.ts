import type { PreparedData } from "../data/prepare.ts";
import { type Device, DeviceError } from "../devices/device.ts";
import type { Values } from "../lib/hyperparameters.ts";
import type { RunConfig } from "./config.ts";
import { createPace, type Pace } from "./pace.ts";
import type { Evaluation, Event } from "./protocol.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { createRun, MAX_STEPS, type Run, type Snapshot } from "./run.ts";
import type { StepRows } from "./stepRows.ts";
import { planView, type ViewPlan } from "./views.ts";

/** Milliseconds of work in one submission: a frame stays possible between two. */
const SUBMISSION_MS = 10;
/** Submissions in flight: one runs while the next waits, so that the device never idles. */
const IN_FLIGHT = 2;
/** Milliseconds between two evaluations, or pictures; they never take more than a fifth of the time. */
const LOOK_MS = 100;
const LOOK_SHARE = 0.2;
/** Milliseconds between snapshots: what a lost device costs at most. */
const SNAPSHOT_MS = 2000;

export interface TrainerOptions {
  readonly config: RunConfig;
  readonly data: PreparedData;
  readonly device: Device;
  /** Takes what the page should know; the generation is the worker's to add. */
  readonly emit: (event: TrainerEvent) => void;
  /** Training stopped by itself: the device was lost, or something threw. The trainer still holds its last snapshot. */
  readonly onStopped: (error: unknown) => void;
}

type Emitted = Extract<Event, { readonly type: "state" | "metrics" | "view" }>;
/** An event without its generation. */
export type TrainerEvent = Emitted extends infer E ? (E extends Emitted ? Omit<E, "generation"> : never) : never;

/** Where a run goes on after its device was lost. */
export interface Recovery {
  /** None yet: from the start. */
  readonly snapshot: Snapshot | undefined;
  /** Steps that the page has seen already: they are computed again, and not reported twice. */
  readonly reported: number;
  readonly values: Values;
}

/** Gives other messages of the worker a turn. Timers would be throttled in a hidden tab; messages are not. */
export const yieldToMessages = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });

/**
 * Trains one run and reports it: play, pause, single steps, reset. Driven by the completion of the device's work, never
 * by animation frames or timers, so that it goes on in a background tab.
 */
export class Trainer {
  readonly run: Run;
  /** Whether it was training when its device was lost. */
  wasPlaying = false;
  readonly #options: TrainerOptions;
  readonly #view: ViewPlan;
  readonly #pace: Pace = createPace({ target: SUBMISSION_MS, most: MAX_STEPS });
  readonly #reporter: Reporter;
  #playing = false;
  #loop: Promise<void> = Promise.resolve();
  #closed = false;
  #snapshot: Snapshot | undefined;
  #snapshotAt = 0;
  #values: Values;
  #nextLook = 0;

  private constructor(run: Run, view: ViewPlan, options: TrainerOptions) {
    this.run = run;
    this.#view = view;
    this.#options = options;
    this.#values = options.config.optimizer;
    this.#reporter = createReporter((metrics) => options.emit({ type: "metrics", metrics }));
    options.device.lost.then((reason) => this.#stop(new DeviceError(`${options.device.label}: ${reason}`)));
  }

  /** Compiles the run and shows where it starts. With `recovery`, goes on from there. */
  static async start(options: TrainerOptions, recovery?: Recovery): Promise<Trainer> {
    const { config, data, device } = options;
    const view = planView(data);
    const run = await createRun({ config, data, device, probe: view.probe });
    const trainer = new Trainer(run, view, options);
    if (recovery === undefined) return trainer;
    trainer.adjust(recovery.values);
    trainer.#snapshot = recovery.snapshot;
    if (recovery.snapshot !== undefined) run.restore(recovery.snapshot);
    trainer.#reporter.skipTo(recovery.reported);
    return trainer;
  }

  get device(): Device {
    return this.#options.device;
  }

  /** What to go on with on another device: the last snapshot, or the start. */
  get recovery(): Recovery {
    return { snapshot: this.#snapshot, reported: this.#reporter.reported, values: this.#values };
  }

  /** Evaluates and draws the run as it stands. */
  async look(): Promise<void> {
    const started = performance.now();
    const step = this.run.step;
    const [train, validation] = [await this.#evaluate("train"), await this.#evaluate("validation")];
    this.#reporter.evaluated(train, validation);
    const outputs = await this.run.predict();
    if (this.#closed) return;
    this.#options.emit({ type: "view", view: this.#view.draw(outputs, step) });
    const cost = performance.now() - started;
    this.#nextLook = performance.now() + Math.max(LOOK_MS, cost / LOOK_SHARE);
  }

  async #evaluate(split: "train" | "validation"): Promise<Evaluation | undefined> {
    if (this.#options.data.splits[split].count === 0) return undefined;
    const step = this.run.step;
    return { step, ...(await this.run.evaluate(split)) };
  }

  play(): void {
    if (this.#playing || this.#closed) return;
    this.#playing = true;
    this.#loop = this.#loop.then(() => this.#train()).catch((error: unknown) => this.#stop(error));
    this.#state();
  }

  /** Resolves when nothing is in flight any more. */
  async pause(): Promise<void> {
    this.#playing = false;
    await this.#loop;
  }

  /** One optimizer step, then a look at it. */
  async step(): Promise<void> {
    await this.pause();
    const started = performance.now();
    this.#report(await this.run.trainSteps(1), performance.now() - started);
    await this.#settle();
  }

  /** Back to step 0 with the same weights; a run that was playing stays paused. */
  async reset(): Promise<void> {
    await this.pause();
    this.run.reset();
    this.#snapshot = undefined;
    this.#reporter.clear();
    this.#state();
    await this.look();
    this.#reporter.flush();
  }

  adjust(values: Values): void {
    this.#values = { ...this.#values, ...values };
    this.run.adjust(values);
  }

  async test(): Promise<Evaluation> {
    const step = this.run.step;
    return { step, ...(await this.run.evaluate("test")) };
  }

  /** Ends the run and frees its memory; nothing is emitted afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#playing = false;
    await this.#loop;
    this.run.dispose();
  }

  #stop(error: unknown): void {
    if (this.#closed) return;
    this.wasPlaying = this.#playing;
    this.#playing = false;
    this.#reporter.flush();
    this.#closed = true;
    this.#options.onStopped(error);
  }

  async #train(): Promise<void> {
    const inFlight: Promise<void>[] = [];
    let finished = performance.now();
    while (this.#playing) {
      const steps = this.#pace.steps;
      const submission = this.run.trainSteps(steps).then((rows) => {
        const now = performance.now();
        this.#pace.took(steps, now - finished);
        this.#report(rows, now - finished);
        finished = now;
      });
      submission.catch(() => undefined);
      inFlight.push(submission);
      if (inFlight.length >= IN_FLIGHT) await inFlight.shift();
      await yieldToMessages();
      if (performance.now() >= this.#nextLook) {
        await Promise.all(inFlight.splice(0));
        await this.look();
        await this.#saveSnapshot();
        finished = performance.now();
      }
    }
    await Promise.all(inFlight);
    await this.#settle();
  }

  async #settle(): Promise<void> {
    await this.look();
    this.#reporter.flush();
    this.#state();
  }

  async #saveSnapshot(): Promise<void> {
    if (this.#options.device.kind !== "webgpu" || performance.now() - this.#snapshotAt < SNAPSHOT_MS) return;
    this.#snapshot = await this.run.snapshot();
    this.#snapshotAt = performance.now();
  }

  #report(rows: StepRows, milliseconds: number): void {
    if (this.#closed) return;
    this.#reporter.trained(rows, milliseconds);
  }

  #state(): void {
    if (this.#closed) return;
    const { liveBytes } = this.#options.device;
    this.#options.emit({ type: "state", playing: this.#playing, step: this.run.step, liveBytes });
  }
}
