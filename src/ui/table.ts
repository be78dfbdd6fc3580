import type { Task } from "../data/dataset.ts";
import type { ColumnType, TablePreview } from "../data/table.ts";
import { formatCounted } from "../lib/format.ts";
import type { DataChoices, FileData } from "../session/config.ts";
import type { AskedOfLoss } from "../session/fields.ts";

/** How the columns of an opened file are used. */

/** The opened file that a choice of data names. */
export const tableOf = (
  tables: readonly TablePreview[],
  data: FileData | { readonly kind: string },
): TablePreview | undefined => (isFileData(data) ? tables.find(({ name }) => name === data.path) : undefined);

/** The type of a column after the user's correction. */
export function columnType(table: TablePreview, types: FileData["types"], name: string): ColumnType | undefined {
  const detected = table.columns.find((column) => column.name === name)?.type;
  return detected === undefined ? undefined : Object.hasOwn(types, name) ? types[name] : detected;
}

/** Numbers as target make a regression, categories a classification; unknown before the file is opened. */
export function taskOfTable(
  table: TablePreview | undefined,
  data: FileData | { readonly kind: string },
): Task | undefined {
  if (table === undefined || !isFileData(data) || data.path !== table.name) return undefined;
  const type = columnType(table, data.types, data.target);
  if (type === undefined) return undefined;
  return type === "numeric" ? "regression" : "classification";
}

/** What an opened file asks of a loss: its task, and as many classes as its target has values. */
export function askedByTable(
  table: TablePreview | undefined,
  data: FileData | { readonly kind: string },
): AskedOfLoss | undefined {
  const task = taskOfTable(table, data);
  if (task === undefined || table === undefined || !isFileData(data)) return undefined;
  return { task, classes: table.columns.find(({ name }) => name === data.target)?.distinct };
}

export const isFileData = (data: { readonly kind: string }): data is FileData => data.kind === "file";

/** The choices for a file just opened: those of the configuration where they are about it, else the reader's proposals. */
export function fileDataOf(
  table: TablePreview,
  current: (FileData | { readonly kind: string }) & DataChoices,
): FileData & DataChoices {
  const { seed, train, validation, kept, labelNoise, inputNoise } = current;
  const shared = { seed, train, validation, kept, labelNoise, inputNoise };
  const known = isFileData(current) && current.path === table.name;
  if (known && table.columns.some(({ name }) => name === current.target)) {
    const { target, types, missing } = current;
    return { kind: "file", path: table.name, target, types, missing, ...shared };
  }
  return { kind: "file", path: table.name, target: table.target, types: {}, missing: "impute", ...shared };
}

/** The corrections after one more: a correction back to the detected type is none. */
export function withType(
  table: TablePreview,
  types: FileData["types"],
  name: string,
  type: ColumnType,
): FileData["types"] {
  const { [name]: _, ...others } = types;
  const detected = table.columns.find((column) => column.name === name)?.type;
  return detected === type ? others : { ...others, [name]: type };
}

/** "2 columns have 19 missing cells", or nothing. */
export function missingCells(table: TablePreview): string | undefined {
  const columns = table.columns.filter(({ missing }) => missing > 0);
  if (columns.length === 0) return undefined;
  const cells = columns.reduce((sum, { missing }) => sum + missing, 0);
  const names = columns.map(({ name, missing }) => `${name} ${missing}`).join(", ");
  return `${formatCounted(cells, "missing cell")}: ${names}`;
}
