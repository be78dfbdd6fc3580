import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { type RunRecord, readableRecords } from "./record.ts";

interface Schema extends DBSchema {
  readonly runs: { readonly key: string; readonly value: RunRecord };
}

/** Where runs are kept. Writing never throws: what goes wrong is told once, and the page goes on without. */
export interface Storage {
  readonly load: () => Promise<readonly RunRecord[]>;
  readonly put: (records: readonly RunRecord[]) => void;
  readonly remove: (ids: readonly string[]) => void;
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === "QuotaExceededError";

/** What went wrong, for the user. */
const wordsFor = (error: unknown): string =>
  isFull(error)
    ? "Runs: the storage of this browser is full, so runs from now on last as long as this page. Export them or delete some."
    : "Runs: this browser keeps no data for this page, so runs last as long as it is open. Export those that you want to keep.";

/** Milliseconds after which a browser that does not answer counts as one that keeps nothing. */
const patience = 5000;

function opened(): Promise<IDBPDatabase<Schema>> {
  const silent = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("no answer")), patience));
  const opening = openDB<Schema>("downhill-runs", 1, {
    upgrade: (database) => void database.createObjectStore("runs", { keyPath: "id" }),
    // A newer page in another tab needs the old connections gone.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
  return Promise.race([opening, silent]);
}

/** Runs in IndexedDB. It is the only place that knows it. */
export function openStorage(onProblem: (problem: string) => void): Storage {
  let told = false;
  const tell = (error: unknown) => {
    if (told) return;
    told = true;
    onProblem(wordsFor(error));
  };
  // Where there is no IndexedDB at all, opening it throws at once.
  const database = new Promise<IDBPDatabase<Schema>>((resolve) => resolve(opened()));
  database.catch(tell);

  const write = async (change: (database: IDBPDatabase<Schema>) => readonly Promise<unknown>[]) => {
    try {
      await Promise.all(change(await database));
    } catch (error) {
      tell(error);
    }
  };
  return {
    async load() {
      try {
        const { records, problem } = readableRecords(await (await database).getAll("runs"));
        if (problem !== undefined) onProblem(problem);
        return records;
      } catch (error) {
        tell(error);
        return [];
      }
    },
    put: (records) => void write((opened) => records.map((record) => opened.put("runs", record))),
    remove: (ids) => void write((opened) => ids.map((id) => opened.delete("runs", id))),
  };
}
