import { formatCount, formatCounted, formatSetting } from "../lib/format.ts";
import type { StoppingConfig } from "./config.ts";
import type { Evaluation } from "./protocol.ts";
import type { Run, Snapshot } from "./run.ts";
import { RunError } from "./weights.ts";

/** What early stopping knows so far. It outlives a device that is lost. */
export interface StoppingMemory {
  /** Milliseconds of training. */
  trained: number;
  /** The last epoch whose validation loss was seen, counted from 1; 0 before the first. */
  epoch: number;
  /** Epochs since the best one. */
  worse: number;
  best: { readonly epoch: number; readonly loss: number; readonly snapshot: Snapshot } | undefined;
}

export const emptyMemory = (): StoppingMemory => ({ trained: 0, epoch: 0, worse: 0, best: undefined });

export interface StoppingOptions {
  readonly run: Pick<Run, "step" | "batchSize" | "evaluate" | "snapshot" | "restore">;
  readonly limits: StoppingConfig;
  /** Examples per split. */
  readonly counts: { readonly train: number; readonly validation: number };
  /** Micro-batches per step. */
  readonly accumulation: number;
  /** Steps in which the learning rate rises; none if left out. */
  readonly warmupSteps?: number;
  readonly memory?: StoppingMemory;
  /** Takes the evaluations by which it decides. */
  readonly validated?: (validation: Evaluation) => void;
}

/** Decides when a run ends by itself. */
export interface Stopping {
  readonly memory: StoppingMemory;
  /** Steps that may be taken before `check` must be asked again; 0 where it must be asked now. */
  readonly room: number;
  /**
   * To be asked when nothing is in flight. Evaluates the validation split where an epoch has just ended; where the run
   * is over, restores the best weights if patience ended it.
   *
   * @returns why the run is over, in a sentence, or nothing.
   */
  check(): Promise<string | undefined>;
  /** Throws a `RunError` where `limit` would not take these limits, and changes nothing. */
  expect(limits: StoppingConfig, warmupSteps?: number): void;
  /** Other limits, from now on. Throws a `RunError` where they contradict the data or the warm-up. */
  limit(limits: StoppingConfig, warmupSteps?: number): void;
  /** Training took so long. */
  trained(milliseconds: number): void;
  /** The run starts anew. */
  reset(): void;
  /** The run is at an earlier step: what was seen of later epochs is forgotten. */
  rewound(): void;
}

/**
 * Limits of steps, epochs and time, and early stopping on the validation loss (Prechelt 1998).
 *
 * @throws RunError where there is patience and nothing to validate on, or a warm-up that is longer than the run.
 */
export function createStopping({ run, counts, accumulation, ...options }: StoppingOptions): Stopping {
  let limits = options.limits;
  let memory = options.memory ?? emptyMemory();
  const batches = Math.ceil(counts.train / run.batchSize);
  /** The step that ends an epoch, counted from 1; with accumulation a step may reach into the next one. */
  const endOf = (epoch: number) => Math.ceil((epoch * batches) / accumulation);
  const epochsDone = () => Math.floor((run.step * accumulation) / batches);

  const stepsOf = ({ steps, epochs }: StoppingConfig) =>
    Math.min(steps || Number.POSITIVE_INFINITY, epochs > 0 ? endOf(epochs) : Number.POSITIVE_INFINITY);
  const expectValidation = ({ patience }: StoppingConfig) => {
    if (patience === 0 || counts.validation > 0) return;
    const problem = `got ${patience}, expected 0, as the validation split is empty`;
    throw new RunError(`stopping.patience: ${problem}. Give it examples, or set patience to 0.`);
  };
  const expectWarmup = (next: StoppingConfig, warmupSteps: number) => {
    const steps = stepsOf(next);
    if (warmupSteps <= steps) return;
    const problem = `got ${warmupSteps}, expected 0 to ${steps}, the steps of the run`;
    throw new RunError(`optimizer.schedule.warmupSteps: ${problem}. Shorten the warm-up, or train longer.`);
  };
  const expect = (next: StoppingConfig, warmupSteps = 0) => {
    expectValidation(next);
    expectWarmup(next, warmupSteps);
  };
  const isLate = () => limits.seconds > 0 && memory.trained >= limits.seconds * 1000;
  const isImpatient = () => limits.patience > 0 && memory.worse >= limits.patience;
  const mustValidate = () => limits.patience > 0 && epochsDone() > memory.epoch;

  const validate = async () => {
    memory.epoch = epochsDone();
    const { loss, accuracy } = await run.evaluate("validation");
    options.validated?.({ step: run.step, loss, accuracy });
    const isBetter = loss < (memory.best?.loss ?? Number.POSITIVE_INFINITY) - limits.minDelta;
    memory.worse = isBetter ? 0 : memory.worse + 1;
    if (isBetter) memory.best = { epoch: memory.epoch, loss, snapshot: await run.snapshot() };
  };
  const restoreBest = (): string => {
    const { best, epoch, worse } = memory;
    const reason = `Stopped after epoch ${formatCount(epoch)}: no better validation loss for ${formatCounted(worse, "epoch")}`;
    if (best === undefined) return `${reason}, as it was never a number.`;
    // The count of steps goes on: the curves have no way back.
    run.restore({ ...best.snapshot, step: run.step });
    return `${reason}; weights of epoch ${formatCount(best.epoch)} restored.`;
  };
  const limitReached = (): string | undefined => {
    if (limits.steps > 0 && run.step >= limits.steps) {
      return `Stopped after ${formatCounted(run.step, "step")}, as many as were set.`;
    }
    if (limits.epochs > 0 && run.step >= endOf(limits.epochs)) {
      return `Stopped after ${formatCounted(epochsDone(), "epoch")}, as many as were set.`;
    }
    if (isLate()) return `Stopped after ${formatSetting(limits.seconds)} s of training, as many as were set.`;
    return undefined;
  };

  expect(limits, options.warmupSteps);
  return {
    expect,
    get memory() {
      return memory;
    },
    get room() {
      if (isLate() || isImpatient() || mustValidate()) return 0;
      const nextEnd = limits.patience > 0 ? endOf(epochsDone() + 1) : Number.POSITIVE_INFINITY;
      return Math.max(0, Math.min(stepsOf(limits), nextEnd) - run.step);
    },
    async check() {
      if (mustValidate()) await validate();
      return isImpatient() ? restoreBest() : limitReached();
    },
    limit(next, warmupSteps) {
      expect(next, warmupSteps);
      limits = next;
    },
    trained(milliseconds) {
      memory.trained += milliseconds;
    },
    reset() {
      memory = emptyMemory();
    },
    rewound() {
      const { trained, best } = memory;
      const epoch = Math.min(memory.epoch, epochsDone());
      memory = { trained, epoch, worse: 0, best: best !== undefined && best.epoch <= epoch ? best : undefined };
    },
  };
}
