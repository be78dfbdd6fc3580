import { type Accessor, createSignal } from "solid-js";
import type { RunRecord } from "./record.ts";
import type { Storage } from "./storage.ts";

/** Kept runs by identity, in memory and in storage. */
export interface Shelf {
  readonly kept: Accessor<ReadonlyMap<string, RunRecord>>;
  readonly put: (records: readonly RunRecord[]) => void;
  readonly remove: (ids: readonly string[]) => void;
}

export function createShelf(storage: Storage): Shelf {
  const [kept, setKept] = createSignal<ReadonlyMap<string, RunRecord>>(new Map());
  storage.load().then((records) => {
    // What was kept while storage was being read is newer.
    setKept((map) => new Map([...records.map((record) => [record.id, record] as const), ...map]));
  });
  return {
    kept,
    put(records) {
      setKept((map) => new Map([...map, ...records.map((record) => [record.id, record] as const)]));
      storage.put(records);
    },
    remove(ids) {
      setKept((map) => new Map([...map].filter(([id]) => !ids.includes(id))));
      storage.remove(ids);
    },
  };
}
