import type { PreparedData } from "../data/prepare.ts";
import type { Device } from "../devices/device.ts";
import type { RunConfig } from "./config.ts";
import type { Course } from "./course.ts";
import { sameWork } from "./live.ts";
import { createRun, type Run } from "./run.ts";
import { planView, type ViewPlan } from "./views.ts";
import { type NamedTensor, RunError } from "./weights.ts";

export interface LiveRunOptions {
  readonly config: RunConfig;
  readonly data: PreparedData;
  readonly device: Device;
  /** The data that a configuration describes. */
  readonly prepare: (config: RunConfig) => PreparedData;
}

/** A run with what it was made from. */
export interface Lived {
  readonly run: Run;
  readonly data: PreparedData;
  readonly config: RunConfig;
}

/** How a run goes back. */
export interface Retrace {
  /** Steps of one submission. */
  readonly most: number;
  /** Hears what fraction of the steps to compute again is done. */
  readonly passed?: (fraction: number) => void;
}

/** A training that can become another one between two steps: the same weights, another program where one is needed. */
export class LiveRun {
  readonly #options: LiveRunOptions;
  #run: Run;
  #data: PreparedData;
  #view: ViewPlan;
  /** What the program was compiled for, and what holds now. */
  #compiled: RunConfig;
  #config: RunConfig;

  private constructor(options: LiveRunOptions, run: Run, view: ViewPlan) {
    this.#options = options;
    this.#run = run;
    this.#view = view;
    this.#data = options.data;
    this.#compiled = options.config;
    this.#config = options.config;
  }

  static async create(options: LiveRunOptions): Promise<LiveRun> {
    const view = planView(options.data);
    return new LiveRun(options, await createRun({ ...options, probe: view.probe }), view);
  }

  get run(): Run {
    return this.#run;
  }
  get data(): PreparedData {
    return this.#data;
  }
  get view(): ViewPlan {
    return this.#view;
  }
  get config(): RunConfig {
    return this.#config;
  }
  get device(): Device {
    return this.#options.device;
  }

  /** Whether the program at hand can go on with a configuration. */
  canAdjust(config: RunConfig): boolean {
    return sameWork(this.#compiled, config);
  }

  /** New values from the next step on, for a configuration that the program can go on with. */
  adjust(config: RunConfig): void {
    const { optimizer, loss, model, data } = config;
    this.#run.adjust({ optimizer, loss, model, data });
    this.#config = config;
  }

  /**
   * Goes on with any configuration that has the same parameters: with the same weights, step, and what the optimizer
   * remembers, as far as it still does. To be called when no steps are in flight.
   *
   * @param accept looks at what it is about to become, and throws where that must not be.
   * @returns whether it could; where the parameters are others or something throws, nothing has changed.
   */
  async become(config: RunConfig, accept: (next: Lived) => void = () => undefined): Promise<boolean> {
    if (this.canAdjust(config)) {
      accept({ run: this.#run, data: this.#data, config });
      this.adjust(config);
      return true;
    }
    const data = this.#options.prepare(config);
    const view = planView(data);
    const next = await createRun({ config, data, device: this.#options.device, probe: view.probe });
    try {
      if (namesOf(next) !== namesOf(this.#run)) {
        next.dispose();
        return false;
      }
      accept({ run: next, data, config });
      next.restore(await this.#run.snapshot());
    } catch (error) {
      next.dispose();
      throw error;
    }
    this.#run.dispose();
    [this.#run, this.#data, this.#view] = [next, data, view];
    [this.#compiled, this.#config] = [config, config];
    return true;
  }

  /**
   * Goes to a step at which the run has been: from the nearest snapshot before, with every change where it was made. The
   * changes of later steps are undone.
   */
  async goTo(course: Course, step: number, { most, passed = () => undefined }: Retrace): Promise<void> {
    const snapshot = course.before(step);
    const from = snapshot?.step ?? 0;
    await this.#follow(course.configAt(from));
    if (snapshot === undefined) this.#run.reset();
    else this.#run.restore(snapshot);
    while (this.#run.step < step) {
      const end = Math.min(step, course.nextChange(this.#run.step));
      while (this.#run.step < end) {
        await this.#run.trainSteps(Math.min(most, end - this.#run.step));
        passed((this.#run.step - from) / (step - from));
      }
      await this.#follow(course.configAt(end));
    }
  }

  async #follow(config: RunConfig): Promise<void> {
    if (config === this.#config) return;
    if (!(await this.become(config))) {
      throw new RunError("rewind: got a step of another model, expected one of this model. Start the run anew.");
    }
  }

  /** Takes over the weights that fit by name and shape. @returns how many tensors did. */
  async takeWeights(weights: ReadonlyMap<string, NamedTensor>): Promise<number> {
    const { slices } = this.#run.plan.parameters;
    const fitting = [...weights].filter(([name, { shape }]) => String(slices.get(name)?.shape) === String(shape));
    await this.#run.writeSome(new Map(fitting));
    return fitting.length;
  }

  dispose(): void {
    this.#run.dispose();
  }
}

const namesOf = ({ plan }: Run): string => plan.specs.map(({ name, shape }) => `${name} ${shape}`).join();
