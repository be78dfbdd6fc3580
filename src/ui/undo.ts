import { type Accessor, batch, createSignal } from "solid-js";
import type { RunConfig } from "../session/config.ts";
import { describeChange, differences } from "./runs/differences.ts";

/** The settings that a user can come back to. */
export interface Settings {
  readonly config: RunConfig;
  readonly baseline: RunConfig;
}

/** Settings that changed. */
export interface SettingsChange {
  readonly kind: "settings";
  readonly before: Settings;
  readonly after: Settings;
  /** The run went on with them. */
  readonly hot: boolean;
}

/** Anything else that can be taken back: a run that was deleted. */
export interface Deed {
  readonly kind: "deed";
  readonly label: string;
  readonly undo: () => void;
  readonly redo: () => void;
}

export type Change = SettingsChange | Deed;

/** A change in the log. */
export interface Entry {
  readonly id: number;
  /** Milliseconds of `now`. */
  readonly at: number;
  /** The step at which it was made. */
  readonly step: number;
  readonly label: string;
  readonly change: Change;
}

export interface UndoLog {
  /** What was done and not taken back, oldest first. */
  readonly done: Accessor<readonly Entry[]>;
  /** What was taken back, the next one to do again last. */
  readonly undone: Accessor<readonly Entry[]>;
  /**
   * Adds a change; what was taken back before it cannot be done again. Gives its entry, which may be that of the change
   * before it with this one in it; none where the two cancel each other.
   */
  record(change: Change, step: number): Entry | undefined;
  undo(): void;
  redo(): void;
  /** Whether the newest entry took in the one before it within the last moment: somebody drags a slider. */
  isMerging(): boolean;
}

export interface UndoOptions {
  readonly apply: (settings: Settings) => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Changes of the same setting within this time are one: a slider that is being dragged. Milliseconds. */
export const mergeTime = 1000;
/** Longest log: nobody goes further back, and each entry holds two configurations. */
const longest = 200;

const labelOf = (change: Change): string =>
  change.kind === "deed" ? change.label : describeChange(change.before.config, change.after.config);

/** The settings that a change is about, so that two of them can be told to be about the same ones. */
const subjectOf = ({ before, after }: SettingsChange): string =>
  differences(before.config, after.config)
    .map(({ path }) => path.join("."))
    .join();

/** Two changes in quick succession as one, where they are about the same setting; nothing where they are not. */
function merged(first: Change, second: Change): SettingsChange | undefined {
  if (first.kind !== "settings" || second.kind !== "settings" || first.hot !== second.hot) return undefined;
  if (first.before.baseline !== second.after.baseline || subjectOf(first) !== subjectOf(second)) return undefined;
  return { ...second, before: first.before };
}

/** A log of changes that can be taken back and done again. */
export function createUndoLog({ apply, now = () => performance.now() }: UndoOptions): UndoLog {
  const [done, setDone] = createSignal<readonly Entry[]>([]);
  const [undone, setUndone] = createSignal<readonly Entry[]>([]);
  let lastId = 0;
  let mergedAt = Number.NEGATIVE_INFINITY;

  const undoChange = (change: Change) => (change.kind === "deed" ? change.undo() : apply(change.before));
  const redoChange = (change: Change) => (change.kind === "deed" ? change.redo() : apply(change.after));
  return {
    done,
    undone,
    record(change, step) {
      const last = done().at(-1);
      const isRecent = last !== undefined && undone().length === 0 && now() - last.at < mergeTime;
      const both = isRecent ? merged(last.change, change) : undefined;
      setUndone([]);
      if (last === undefined || both === undefined) {
        lastId += 1;
        const entry = { id: lastId, at: now(), step, label: labelOf(change), change };
        setDone((list) => [...list, entry].slice(-longest));
        return entry;
      }
      mergedAt = now();
      const entry = { ...last, at: now(), label: labelOf(both), change: both };
      const cancels = subjectOf(both) === "";
      setDone((list) => [...list.slice(0, -1), ...(cancels ? [] : [entry])]);
      return cancels ? undefined : entry;
    },
    undo() {
      const entry = done().at(-1);
      if (entry === undefined) return;
      batch(() => {
        setDone((list) => list.slice(0, -1));
        setUndone((list) => [...list, entry]);
        undoChange(entry.change);
      });
    },
    redo() {
      const entry = undone().at(-1);
      if (entry === undefined) return;
      batch(() => {
        setUndone((list) => list.slice(0, -1));
        // It does not merge with what comes now: it was a change of its own.
        setDone((list) => [...list, { ...entry, at: Number.NEGATIVE_INFINITY }]);
        redoChange(entry.change);
      });
    },
    isMerging: () => now() - mergedAt < mergeTime,
  };
}
