import { createMemo, createSignal, For, Show } from "solid-js";
import { sameData } from "../configStore.ts";
import { type Table, TableProvider } from "./context.ts";
import type { Runs } from "./createRuns.ts";
import { GroupRow } from "./GroupRow.tsx";
import { RunRow } from "./RunRow.tsx";

/** A row by what it shows: rows must outlive a change of their run, or a name could not be typed while it trains. */
type RowKey = `group ${string}` | `run ${string}` | `member ${string}`;

/** Columns by their classes: those of cells too. A narrow table leaves some out. */
const heads: readonly { readonly text: string; readonly column: string; readonly hidden?: boolean }[] = [
  { text: "Shown", column: "show", hidden: true },
  { text: "Line", column: "line-of", hidden: true },
  { text: "Name", column: "name" },
  { text: "What differs", column: "diff" },
  { text: "Validation loss", column: "curve" },
  { text: "Best", column: "r" },
  { text: "at step", column: "r more" },
  { text: "Accuracy", column: "r accuracy" },
  { text: "Steps", column: "r more" },
  { text: "Time", column: "r more" },
  { text: "Device", column: "more" },
  { text: "Actions", column: "acts", hidden: true },
];

/** The run on screen and all others, a row each. */
export function RunsTable(props: { readonly runs: Runs }) {
  const [open, setOpen] = createSignal<string>();
  const byId = createMemo(
    () => new Map(props.runs.groups().flatMap(({ runs }) => runs.map((record) => [record.id, record] as const))),
  );
  const byKey = createMemo(() => new Map(props.runs.groups().map((group) => [group.key, group])));
  const keys = createMemo(() =>
    props.runs
      .groups()
      .flatMap(({ key, runs }): readonly RowKey[] =>
        runs.length === 1
          ? runs.map(({ id }): RowKey => `run ${id}`)
          : [`group ${key}`, ...runs.map(({ id }): RowKey => `member ${id}`)],
      ),
  );
  const lowest = createMemo(() => {
    const losses = [...byId().values()].flatMap(({ best }) => best?.loss ?? []);
    return losses.length < 2 ? undefined : Math.min(...losses);
  });
  const base = createMemo(() => props.runs.compared()?.config, undefined, { equals: sameData });
  const table: Table = { runs: props.runs, base, lowest, open, setOpen };
  return (
    <TableProvider value={table}>
      <table>
        <thead>
          <tr>
            <For each={heads}>
              {({ text, column, hidden }) => (
                <th scope="col" class={column}>
                  <span classList={{ sr: hidden === true }}>{text}</span>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={keys()}>
            {(key) => {
              const [kind, ...words] = key.split(" ");
              const id = words.join(" ");
              return (
                <Show
                  when={kind === "group"}
                  fallback={
                    <Show when={byId().get(id)}>{(run) => <RunRow run={run()} inGroup={kind === "member"} />}</Show>
                  }
                >
                  <Show when={byKey().get(id)}>{(group) => <GroupRow group={group()} />}</Show>
                </Show>
              );
            }}
          </For>
        </tbody>
      </table>
    </TableProvider>
  );
}
