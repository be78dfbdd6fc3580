import { For, Show } from "solid-js";
import type { ColumnType, TablePreview } from "../../data/table.ts";
import { formatCounted } from "../../lib/format.ts";
import type { DataChoices, FileData } from "../../session/config.ts";
import { Choice, Select } from "../controls/Choice.tsx";
import { Segmented } from "../controls/Segmented.tsx";
import { usePlayground } from "../playground.ts";
import { columnType, missingCells, withType } from "../table.ts";

const columnTypes = [
  { value: "numeric", label: "number" },
  { value: "categorical", label: "category" },
  { value: "ignored", label: "not used" },
] as const satisfies readonly { readonly value: ColumnType; readonly label: string }[];

const missingPolicies = [
  { value: "impute", label: "fill in" },
  { value: "drop", label: "drop rows" },
] as const satisfies readonly { readonly value: FileData["missing"]; readonly label: string }[];

/** What an opened file holds: images, or columns and how they are used. */
export default function FileContent(props: { readonly table: TablePreview; readonly data: FileData & DataChoices }) {
  return (
    <Show when={props.table.image} fallback={<FileColumns table={props.table} data={props.data} />}>
      {(image) => (
        <p class="note">
          {formatCounted(props.table.rows, "image")} of {image().width} × {image().height} pixels in{" "}
          {props.table.columns[0]?.distinct} classes.
        </p>
      )}
    </Show>
  );
}

/** Which column is the target, and what the others are used as. */
function FileColumns(props: { readonly table: TablePreview; readonly data: FileData & DataChoices }) {
  const { chooseData } = usePlayground();
  const change = (part: Partial<FileData>) => chooseData({ ...props.data, ...part });
  const typeOf = (name: string) => columnType(props.table, props.data.types, name) ?? "ignored";
  const chooseType = (name: string, value: string) => {
    const type = columnTypes.find((option) => option.value === value)?.value;
    if (type !== undefined) change({ types: withType(props.table, props.data.types, name, type) });
  };
  const chooseMissing = (value: string) => {
    const missing = missingPolicies.find((option) => option.value === value)?.value;
    if (missing !== undefined) change({ missing });
  };
  return (
    <>
      <Choice
        label="Target"
        options={props.table.columns.map(({ name }) => ({ value: name, label: name }))}
        value={props.data.target}
        onChange={(target) => change({ target })}
      />
      <ul class="columns" aria-label={`Columns of ${props.table.name}`}>
        <For each={props.table.columns}>
          {(column) => (
            <li class="column" classList={{ target: column.name === props.data.target }}>
              <span class="name" title={`${column.name}: ${column.examples.join(", ")}`}>
                {column.name}
                <Show when={column.name === props.data.target}>
                  <small> target</small>
                </Show>
              </span>
              <Select
                aria-label={`Type of ${column.name}`}
                options={columnTypes}
                value={typeOf(column.name)}
                onChange={(value) => chooseType(column.name, value)}
              />
            </li>
          )}
        </For>
      </ul>
      <p class="note">
        {formatCounted(props.table.rows, "row")}. Numbers are standardised with the training split alone.
      </p>
      <Show when={missingCells(props.table)}>
        {(cells) => (
          <>
            <Segmented
              label="Missing cells"
              options={missingPolicies}
              value={props.data.missing}
              onChange={chooseMissing}
            />
            <p class="note">{cells()}.</p>
          </>
        )}
      </Show>
    </>
  );
}
