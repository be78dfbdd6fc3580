import { type Accessor, createContext, useContext } from "solid-js";
import type { RunConfig } from "../../session/config.ts";
import type { Runs } from "./createRuns.ts";

/** What the rows of the table share. */
export interface Table {
  readonly runs: Runs;
  /** The lowest of the best losses. */
  readonly lowest: Accessor<number | undefined>;
  /** Settings that the rows are compared with. */
  readonly base: Accessor<RunConfig | undefined>;
  /** The row whose details are open. */
  readonly open: Accessor<string | undefined>;
  readonly setOpen: (id: string | undefined) => void;
}

const TableContext = createContext<Table>();
export const TableProvider = TableContext.Provider;

/** @throws Error outside a `TableProvider`. */
export function useTable(): Table {
  const table = useContext(TableContext);
  if (table === undefined) throw new Error("useTable: got no provider, expected one above. Wrap the rows in it.");
  return table;
}
