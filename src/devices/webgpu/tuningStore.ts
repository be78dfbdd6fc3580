/** Remembers which variant won, from one visit to the next. */
export interface TuningStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, variant: string): Promise<void>;
}

/** Remembers for as long as the page lives. */
export function createMemoryStore(): TuningStore {
  const known = new Map<string, string>();
  return {
    get: async (key) => known.get(key),
    set: async (key, variant) => {
      known.set(key, variant);
    },
  };
}

const DATABASE = "downhill.tuning";
const TABLE = "variants";

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Remembers in IndexedDB. A browser that refuses it, as some do in private windows, just measures again. */
export function createBrowserStore(indexedDb: IDBFactory): TuningStore {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    const request = indexedDb.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    return answerOf(request);
  };
  const table = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
    opened ??= open();
    return (await opened).transaction(TABLE, mode).objectStore(TABLE);
  };
  return {
    async get(key) {
      try {
        const found: unknown = await answerOf((await table("readonly")).get(key));
        return typeof found === "string" ? found : undefined;
      } catch {
        return undefined;
      }
    },
    async set(key, variant) {
      try {
        await answerOf((await table("readwrite")).put(variant, key));
      } catch {
        // Not remembered; the next visit measures again.
      }
    },
  };
}

/** The browser's store where there is one, else memory. */
export const defaultStore = (): TuningStore =>
  typeof indexedDB === "undefined" ? createMemoryStore() : createBrowserStore(indexedDB);
