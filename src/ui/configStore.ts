import { type Accessor, batch, createSignal } from "solid-js";
import type { Task } from "../data/dataset.ts";
import { lossNeeds } from "../engine/losses/loss.ts";
import { checkConfig } from "../session/check.ts";
import { datasets, losses, type RunConfig } from "../session/config.ts";
import {
  type AskedOfLoss,
  askedByData,
  defaultMember,
  lossFor,
  type Member,
  type RegistryField,
  registries,
} from "../session/fields.ts";
import { whatNeedsRun } from "../session/live.ts";
import { definitionIn } from "./definition.ts";
import { describeChange, withoutChange } from "./runs/differences.ts";
import { createUndoLog, type Deed, type Entry, type Settings, type UndoLog } from "./undo.ts";

/** Compares plain data; the order of keys counts, which is how every change to a configuration keeps them. */
export const sameData = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether a training of one configuration can go on with another. */
export const isAdjustment = (before: RunConfig, after: RunConfig): boolean => whatNeedsRun(before, after) === undefined;

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

/** What a loss must fit; unknown for a file that has not been opened. */
export const askedOf = ({ data }: Draft, byFile: AskedOfLoss | undefined): AskedOfLoss | undefined =>
  data.kind === "file" ? byFile : askedByData(data);

/** The configuration with the usual loss of the task, where its own does not fit. */
export function withFittingLoss(config: Draft, asked: AskedOfLoss | undefined): unknown {
  if (asked === undefined || lossNeeds(losses[config.loss.kind], asked) === undefined) return config;
  const fitting = lossFor(asked.task);
  return fitting === undefined ? config : { ...config, loss: withKind(registries.loss, config.loss, fitting) };
}

/** Another member with its defaults; what all members share stays as it was chosen. */
export function withKind(field: RegistryField, current: { readonly kind: string }, kind: string): Member {
  const member = defaultMember(field, kind);
  const own = Object.keys(field.registry[kind]?.hyperparameters ?? {});
  const shared = [...Object.keys(field.shared), ...Object.keys(field.nested ?? {})];
  const kept = Object.entries(current).filter(([name]) => shared.includes(name) && !own.includes(name));
  return { ...member, ...Object.fromEntries(kept) };
}

/** Something that happened to a run at a step, for the plots. */
export interface Marker {
  readonly step: number;
  readonly label: string;
  /** `settings`: the user changed them and the run went on. */
  readonly kind: "settings";
}

export interface ConfigStore {
  readonly config: Accessor<RunConfig>;
  /** The preset, link or default that the user started from; values that differ from it are marked. */
  readonly baseline: Accessor<RunConfig>;
  /** Changes that the run at hand took over while it went on, oldest first. */
  readonly markers: Accessor<readonly Marker[]>;
  /** Everything that was changed and can be taken back. */
  readonly log: UndoLog;
  /**
   * Takes a changed configuration if it is a valid one; otherwise nothing changes and `onProblems` hears why.
   *
   * @param at the step from which on it holds; the one at which the run stands if left out.
   */
  change(candidate: unknown, at?: number): void;
  /** Starts over from a whole configuration. */
  load(config: RunConfig): void;
  undo(): void;
  redo(): void;
  /** Takes one change of the log back and keeps the later ones; this is a change of its own. */
  revert(entry: Entry): void;
  /** Takes note of something besides the settings that can be taken back. */
  recordDeed(deed: Omit<Deed, "kind">): void;
  /** The run goes back to a step, from which on all that was changed later holds. */
  rewind(step: number): void;
  /** A run begins: it has no markers yet. */
  clearMarkers(): void;
}

export interface ConfigStoreOptions {
  readonly initial: RunConfig;
  readonly onChange: (config: RunConfig) => void;
  readonly onProblems: (problems: readonly string[]) => void;
  /** Whether the run at hand goes on with these settings; else they begin a fresh one. */
  readonly goesOn?: (config: RunConfig) => boolean;
  /** The step at which the run stands. */
  readonly step?: () => number;
  /** Why the user may not make this change, where that is so: a link can lock settings. */
  readonly refusal?: (before: RunConfig, after: RunConfig) => string | undefined;
}

/** Whether two configurations train alike: they may end at other limits. */
const trainsAlike = ({ stopping: _, ...before }: RunConfig, { stopping: __, ...after }: RunConfig): boolean =>
  sameData(before, after);

/** The markers with one more; one at the same entry of the log takes its place, as a slider that is dragged on. */
function withMarker(markers: readonly Marker[], marker: Marker, replaces: boolean): readonly Marker[] {
  const last = markers.at(-1);
  return replaces && last !== undefined
    ? [...markers.slice(0, -1), { ...marker, step: last.step }]
    : [...markers, marker];
}

/** The configuration of the run on screen, as a signal that changes only through these functions. */
export function createConfigStore(options: ConfigStoreOptions): ConfigStore {
  const { initial, onChange, onProblems, goesOn = () => false, step = () => 0, refusal = () => undefined } = options;
  const [config, setConfig] = createSignal(initial);
  const [baseline, setBaseline] = createSignal(initial);
  const [markers, setMarkers] = createSignal<readonly Marker[]>([]);

  /** Puts settings on screen and into the run. `merged`: the entry of the log that a moment ago was another one. */
  const apply = (after: Settings, merged?: Entry, at = step()) => {
    const before = config();
    if (sameData(before, after.config)) {
      setBaseline(after.baseline);
      return;
    }
    const label = merged?.label ?? describeChange(before, after.config);
    batch(() => {
      if (at > 0 && goesOn(after.config) && !trainsAlike(before, after.config)) {
        setMarkers((list) => withMarker(list, { step: at, label, kind: "settings" }, merged !== undefined));
      }
      setConfig(after.config);
      setBaseline(after.baseline);
      onChange(after.config);
    });
  };
  const log = createUndoLog({ apply: (settings) => apply(settings) });

  const take = (after: Settings, at = step()) => {
    const before = { config: config(), baseline: baseline() };
    if (sameData(before, after)) return;
    const problem = refusal(before.config, after.config);
    if (problem !== undefined) return onProblems([problem]);
    const hot = at > 0 && goesOn(after.config);
    batch(() => {
      const lastId = log.done().at(-1)?.id;
      const entry = log.record({ kind: "settings", before, after, hot }, at);
      apply(after, entry?.id === lastId ? entry : undefined, at);
    });
  };
  const change = (candidate: unknown, at?: number) => {
    const checked = checkConfig(candidate);
    if (checked.ok) take({ config: checked.config, baseline: baseline() }, at);
    else onProblems(checked.problems);
  };
  return {
    ...{ config, baseline, markers, log, change },
    load: (next) => take({ config: next, baseline: next }),
    undo: log.undo,
    redo: log.redo,
    revert({ change: taken }) {
      if (taken.kind === "settings") change(withoutChange(config(), taken.before.config, taken.after.config));
      else taken.undo();
    },
    recordDeed: (deed) => void log.record({ kind: "deed", ...deed }, step()),
    rewind: (at) =>
      setMarkers((list) => (at === 0 ? [] : list.map((marker) => ({ ...marker, step: Math.min(marker.step, at) })))),
    clearMarkers: () => setMarkers([]),
  };
}
