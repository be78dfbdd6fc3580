import { type Accessor, batch, createSignal } from "solid-js";
import type { Task } from "../data/dataset.ts";
import { defaultsOf } from "../lib/hyperparameters.ts";
import { checkConfig } from "../session/check.ts";
import { datasets, losses, type RunConfig } from "../session/config.ts";
import { definitionIn } from "./definition.ts";

/** Compares plain data; the order of keys counts, which is how every change to a configuration keeps them. */
export const sameData = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether a running training can take the change over: only numbers of the same optimizer differ. */
export function isAdjustment(before: RunConfig, after: RunConfig): boolean {
  const { optimizer: from, ...restBefore } = before;
  const { optimizer: to, ...restAfter } = after;
  return from.kind === to.kind && sameData(restBefore, restAfter);
}

/** Data as a control asks for it, not checked yet. */
export interface DataChoice {
  readonly kind: string;
}

/** A configuration with other data, not checked yet. */
export type Draft = Omit<RunConfig, "data"> & { readonly data: DataChoice };

/** What the data asks of the model; unknown for a file that has not been opened. */
export function taskOf({ data }: Draft, fileTask: Task | undefined): Task | undefined {
  return data.kind === "file" ? fileTask : definitionIn(datasets, data.kind)?.task;
}

/** The configuration with the first loss that fits the task, where its own does not. */
export function withFittingLoss(config: Draft, task: Task | undefined): unknown {
  if (task === undefined || losses[config.loss.kind].task === task) return config;
  const fitting = Object.entries(losses).find(([, loss]) => loss.task === task);
  return fitting === undefined
    ? config
    : { ...config, loss: { kind: fitting[0], ...defaultsOf(fitting[1].hyperparameters) } };
}

export interface ConfigStore {
  readonly config: Accessor<RunConfig>;
  /** The preset, link or default that the user started from; values that differ from it are marked. */
  readonly baseline: Accessor<RunConfig>;
  /** Takes a changed configuration if it is a valid one; otherwise nothing changes and `onProblems` hears why. */
  change(candidate: unknown): void;
  /** Starts over from a whole configuration. */
  load(config: RunConfig): void;
}

export interface ConfigStoreOptions {
  readonly initial: RunConfig;
  readonly onChange: (before: RunConfig, after: RunConfig) => void;
  readonly onProblems: (problems: readonly string[]) => void;
}

/** The configuration of the run on screen, as a signal that changes only through these functions. */
export function createConfigStore({ initial, onChange, onProblems }: ConfigStoreOptions): ConfigStore {
  const [config, setConfig] = createSignal(initial);
  const [baseline, setBaseline] = createSignal(initial);

  const take = (next: RunConfig) => {
    const before = config();
    if (sameData(before, next)) return;
    setConfig(next);
    onChange(before, next);
  };
  return {
    config,
    baseline,
    change(candidate) {
      const checked = checkConfig(candidate);
      if (checked.ok) take(checked.config);
      else onProblems(checked.problems);
    },
    load(next) {
      batch(() => {
        setBaseline(next);
        take(next);
      });
    },
  };
}
