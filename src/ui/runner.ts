import { type Accessor, createSignal, onCleanup } from "solid-js";
import type { RunConfig } from "../session/config.ts";
import { whatNeedsRun } from "../session/live.ts";
import type { Trainer } from "./createTrainer.ts";

/** Milliseconds in which changes of a dragged slider become one fresh run, or one new program. */
const settleTime = 60;

/** A run that another one took the place of: its weights are still there. */
export interface BranchOffer {
  /** What made the other run: "Another batch size". */
  readonly label: string;
  /** Of the weights. */
  readonly step: number;
}

/** Turns configurations into commands, at most one fresh run per `settleTime`. */
export interface Runner {
  /** The run goes on with a changed configuration where it can; else a fresh one starts. */
  follow(config: RunConfig): void;
  /** A fresh run, after a moment. */
  start(play: boolean): void;
  /** Starts what is about to start now. */
  flush(): void;
  /** Whether the run at hand goes on with another configuration. */
  goesOn(next: RunConfig): boolean;
  /** Whether a run that replaces the present one would be playing. */
  willPlay(): boolean;
  wish(play: boolean): void;
  /** Back to an earlier step of the run at hand, which goes on with `config` whatever program that needs. */
  rewind(step: number, config: RunConfig, play: boolean): void;
  /** What a fresh run could start from instead. */
  readonly offer: Accessor<BranchOffer | undefined>;
  /** A run of the present configuration from the weights on offer. */
  branch(): void;
  dropOffer(): void;
}

export interface RunnerOptions {
  readonly trainer: Trainer;
  readonly config: () => RunConfig;
  readonly canRun: () => boolean;
}

export function createRunner({ trainer, config, canRun }: RunnerOptions): Runner {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let playNext = false;
  /** What the worker's run is of; nothing while it waits for a file. */
  let running: RunConfig | undefined;
  const [offer, setOffer] = createSignal<BranchOffer>();

  const flush = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    running = canRun() ? config() : undefined;
    if (running === undefined) return trainer.pause();
    trainer.configure(running, playNext);
  };
  const start = (play: boolean) => {
    playNext = play;
    clearTimeout(timer);
    timer = setTimeout(flush, settleTime);
  };
  const isWaiting = () => timer !== undefined || trainer.preparing() || running === undefined;
  const willPlay = () => (isWaiting() ? playNext : trainer.playing());
  const goesOn = (next: RunConfig) =>
    running !== undefined && !isWaiting() && whatNeedsRun(running, next) === undefined;
  const follow = (next: RunConfig) => {
    if (goesOn(next)) {
      running = next;
      return trainer.adjust(next);
    }
    const difference = running && whatNeedsRun(running, next);
    const step = trainer.step();
    // A second change of a run that has not begun yet leaves the weights where they are
    if (difference?.canBranch && step > 0 && canRun()) setOffer({ label: difference.label, step });
    start(willPlay());
  };
  onCleanup(() => clearTimeout(timer));
  return {
    ...{ follow, start, flush, goesOn, willPlay, offer },
    wish: (play) => {
      playNext = play;
    },
    rewind(step, next, play) {
      running = next;
      trainer.rewind(step, next, play);
    },
    branch() {
      if (!canRun()) return;
      clearTimeout(timer);
      timer = undefined;
      const play = willPlay();
      running = config();
      setOffer(undefined);
      trainer.configure(running, play, true);
    },
    dropOffer: () => setOffer(undefined),
  };
}
