import type { RunConfig } from "./config.ts";
import { type Course, createCourse } from "./course.ts";
import type { Lived, LiveRun, Retrace } from "./liveRun.ts";
import { createStopping, type Stopping, type StoppingMemory, type StoppingOptions } from "./stopping.ts";
import type { NamedTensor } from "./weights.ts";

/** Milliseconds between snapshots: what a lost device costs at most. */
const SNAPSHOT_MS = 2000;

/** Where a run goes on after its device was lost. */
export interface Recovery {
  readonly config: RunConfig;
  readonly course: Course;
  /** Steps that the page has seen already: they are computed again, and not reported twice. */
  readonly reported: number;
  readonly stopping: StoppingMemory;
}

export interface JourneyOptions {
  /** Where to go on; at the start if left out. */
  readonly recovery?: Recovery | undefined;
  /** Takes the evaluations by which early stopping decides. */
  readonly validated?: NonNullable<StoppingOptions["validated"]>;
}

/**
 * A live run with its past and its end: snapshots to go back to, what held at which step, and when it ends by itself. To
 * be moved when no steps are in flight.
 */
export class Journey {
  readonly #live: LiveRun;
  readonly #validated: JourneyOptions["validated"];
  #course: Course;
  #stopping: Stopping;
  #snapshotAt = 0;

  /** With `recovery`, the run goes on from its newest snapshot. */
  constructor(live: LiveRun, { recovery, validated }: JourneyOptions = {}) {
    this.#live = live;
    this.#validated = validated;
    this.#course = recovery?.course ?? createCourse(live.config);
    this.#stopping = this.#stoppingOf(live, recovery?.stopping);
    if (recovery === undefined) return;
    const { newest } = this.#course;
    if (newest !== undefined) live.run.restore(newest);
    this.#course.cut(live.run.step);
    this.#course.change(live.run.step, live.config);
  }

  get stopping(): Stopping {
    return this.#stopping;
  }

  /** What to go on with on another device, but for what the page has seen. */
  get recovery(): Omit<Recovery, "reported"> {
    return { config: this.#live.config, course: this.#course, stopping: this.#stopping.memory };
  }

  /** Starts from the weights that fit by name and shape. @returns how many tensors did. */
  async startFrom(weights: ReadonlyMap<string, NamedTensor>): Promise<number> {
    const taken = await this.#live.takeWeights(weights);
    this.#course = createCourse(this.#live.config, await this.#live.run.snapshot());
    return taken;
  }

  /** Back to step 0 with the weights that it started with. */
  restart(): void {
    const start = this.#course.before(0);
    if (start === undefined) this.#live.run.reset();
    else this.#live.run.restore(start);
    this.#course = createCourse(this.#live.config, start);
    this.#stopping.reset();
  }

  /**
   * Back to an earlier step, computed again from the nearest snapshot; what came later is forgotten.
   */
  async goTo(step: number, retrace: Retrace): Promise<void> {
    await this.#live.goTo(this.#course, step, retrace);
    this.#course.cut(step);
    // On the way back the run may have become another one
    this.#stopping = this.#stoppingOf(this.#live, this.#stopping.memory);
  }

  /**
   * New values from the next step on, for a configuration that the program can go on with; steps may be in flight.
   * Throws a `RunError` where it contradicts itself.
   */
  adjust(config: RunConfig): void {
    const { stopping, optimizer } = config;
    this.#stopping.expect(stopping, optimizer.schedule.warmupSteps);
    this.#live.adjust(config);
    this.#stopping.limit(stopping, optimizer.schedule.warmupSteps);
    this.#course.change(this.#live.run.step, config);
  }

  /**
   * From the next step on, `config` holds. Throws a `RunError` where it contradicts itself.
   *
   * @returns whether it could; where the parameters are others or it throws, nothing has changed.
   */
  async become(config: RunConfig): Promise<boolean> {
    let stopping = this.#stopping;
    const accept = (next: Lived) => {
      stopping = this.#stoppingOf(next, this.#stopping.memory);
    };
    if (!(await this.#live.become(config, accept))) return false;
    this.#course.change(this.#live.run.step, config);
    this.#stopping = stopping;
    return true;
  }

  /** Keeps a snapshot if the last one is old enough. */
  async keepSnapshot(): Promise<void> {
    if (performance.now() - this.#snapshotAt < SNAPSHOT_MS) return;
    this.#course.keep(await this.#live.run.snapshot());
    this.#snapshotAt = performance.now();
  }

  #stoppingOf({ run, config, data }: Lived, memory?: StoppingMemory): Stopping {
    const { stopping, optimizer, compute } = config;
    return createStopping({
      ...{ run, limits: stopping, warmupSteps: optimizer.schedule.warmupSteps, accumulation: compute.accumulation },
      counts: { train: data.splits.train.count, validation: data.splits.validation.count },
      ...(memory && { memory }),
      ...(this.#validated && { validated: this.#validated }),
    });
  }
}
