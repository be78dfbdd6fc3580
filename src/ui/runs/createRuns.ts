import { type Accessor, createMemo, createSignal } from "solid-js";
import { formatCounted } from "../../lib/format.ts";
import type { ConfigStore } from "../configStore.ts";
import type { Overlay } from "../plots/source.ts";
import { decodeRuns, encodeRuns } from "./files.ts";
import { createFront, type RunLook } from "./front.ts";
import { type Group, groupsOf, inTableOrder, overlaysOf, shownRuns } from "./groups.ts";
import { MAX_NAME, MAX_NOTE, type RunRecord } from "./record.ts";
import type { RunOnScreen } from "./recorder.ts";
import { createShelf, type Shelf } from "./shelf.ts";
import { openStorage, type Storage } from "./storage.ts";

export interface Runs {
  /** The run on screen, from its first step on. */
  readonly front: Accessor<RunRecord | undefined>;
  /** The other runs, in table order. */
  readonly others: Accessor<readonly RunRecord[]>;
  /** All of them as the table has them, the run on screen first. */
  readonly groups: Accessor<readonly Group[]>;
  readonly grouped: Accessor<boolean>;
  readonly setGrouped: (grouped: boolean) => void;
  /** The run that the others are compared with: the one on screen, unless the user chose another. */
  readonly compared: Accessor<RunRecord | undefined>;
  readonly compareWith: (id: string | undefined) => void;
  readonly overlays: Accessor<readonly Overlay[]>;
  readonly isShown: (id: string) => boolean;
  /** The only run in the plots besides the one on screen, where there is such a choice. */
  readonly solo: Accessor<string | undefined>;
  readonly setSolo: (id: string | undefined) => void;
  readonly change: (id: string, look: Partial<RunLook>) => void;
  /** Deletes runs, undoably. */
  readonly remove: (ids: readonly string[]) => void;
  /** The last deletion in words, until it is put away. */
  readonly removed: Accessor<{ readonly text: string; readonly undo: () => void } | undefined>;
  readonly dismissRemoved: () => void;
  /** Puts a run's configuration back on screen. */
  readonly load: (record: RunRecord) => void;
  /** Runs as a file. */
  readonly exported: (records: readonly RunRecord[]) => string;
  /** Takes the runs of a file. Gives how many there were, or reports what is wrong. */
  readonly importText: (text: string) => number;
  /** The run on screen is about to be cleared. */
  readonly end: () => void;
}

export interface RunsOptions {
  readonly run: RunOnScreen;
  readonly store: ConfigStore;
  readonly report: (problem: string) => void;
  readonly storage?: Storage;
}

/** The dash pattern of a series, from the design tokens. */
const dashOf = (series: number): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--dash-${series}`).trim();

/** What a user typed, as far as a record may hold it. */
const allowed = ({ name, note, ...others }: Partial<RunLook>): Partial<RunLook> => ({
  ...others,
  ...(name !== undefined && { name: name.trim().slice(0, MAX_NAME) || "unnamed" }),
  ...(note !== undefined && { note: note.slice(0, MAX_NOTE) }),
});

const textOf = (records: readonly RunRecord[]): string =>
  records.length === 1 ? `run ${records[0]?.name}` : formatCounted(records.length, "run");

interface Deeds {
  readonly shelf: Shelf;
  readonly store: ConfigStore;
  readonly report: (problem: string) => void;
}

/** Deletes runs, undoably. */
function createRemoval({ shelf, store }: Deeds) {
  const [removed, setRemoved] = createSignal<ReturnType<Runs["removed"]>>();
  const remove = (records: readonly RunRecord[]) => {
    if (records.length === 0) return;
    const text = textOf(records);
    const redo = () => shelf.remove(records.map(({ id }) => id));
    const undo = () => {
      shelf.put(records);
      setRemoved(undefined);
    };
    redo();
    setRemoved({ text: `Deleted ${text}.`, undo });
    store.recordDeed({ label: `deleted ${text}`, undo, redo });
  };
  return { removed, remove, dismissRemoved: () => setRemoved(undefined) };
}

/** Takes the runs of a file but the one on screen, undoably. Gives how many there were, or reports what is wrong. */
function importRuns(text: string, frontId: string | undefined, { shelf, store, report }: Deeds): number {
  const read = decodeRuns(text);
  if (!read.ok) {
    report(read.problem);
    return 0;
  }
  const runs = read.runs.filter(({ id }) => id !== frontId);
  const replaced = runs.flatMap(({ id }) => shelf.kept().get(id) ?? []);
  const redo = () => shelf.put(runs);
  const undo = () => {
    shelf.remove(runs.map(({ id }) => id));
    shelf.put(replaced);
  };
  redo();
  store.recordDeed({ label: `imported ${textOf(runs)}`, undo, redo });
  return read.runs.length;
}

/** All runs of this browser: the one on screen, those that were kept, and what the plots show of them. */
export function createRuns({ run, store, report, storage = openStorage(report) }: RunsOptions): Runs {
  const shelf = createShelf(storage);
  const { front, setLook, end } = createFront({ run, shelf, storage, isPassing: store.log.isMerging });
  const deeds = { shelf, store, report };
  const { remove, ...removal } = createRemoval(deeds);
  const [grouped, setGrouped] = createSignal(false);
  const [comparedId, compareWith] = createSignal<string>();
  const [solo, setSolo] = createSignal<string>();

  // The run on screen changes twice a second, the others seldom.
  const frontId = createMemo(() => front()?.id);
  const others = createMemo(() => inTableOrder([...shelf.kept().values()].filter(({ id }) => id !== frontId())));
  const shown = createMemo(() => {
    const only = solo();
    return only === undefined
      ? shownRuns(others(), store.config(), grouped())
      : others().filter(({ id }) => id === only);
  });
  const isShown = (id: string) => id === frontId() || shown().some((record) => record.id === id);
  const all = () => [...[front()].flatMap((record) => record ?? []), ...others()];
  // One run alone is no group. Without groups the run on screen, which changes twice a second, does not matter.
  const drawn = () => (grouped() && solo() === undefined ? groupsOf(all(), true) : groupsOf(others(), false));
  return {
    ...{ front, others, grouped, setGrouped, compareWith, solo, setSolo, ...removal, end },
    groups: createMemo(() => groupsOf(all(), grouped())),
    compared: () => others().find(({ id }) => id === comparedId()) ?? front(),
    overlays: createMemo(() => overlaysOf(drawn(), { frontId: frontId(), isShown, dashOf })),
    isShown,
    change(id, changed) {
      const known = shelf.kept().get(id);
      if (frontId() === id) setLook(allowed(changed));
      else if (known !== undefined) shelf.put([{ ...known, ...allowed(changed) }]);
    },
    remove(ids) {
      if (ids.some((id) => id === solo())) setSolo(undefined);
      remove(others().filter(({ id }) => ids.includes(id)));
    },
    load: (record) => store.load(record.config),
    exported: encodeRuns,
    importText: (text) => importRuns(text, frontId(), deeds),
  };
}
