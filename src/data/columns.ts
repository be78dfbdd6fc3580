import type { Column, ColumnType, Table, TablePreview } from "./table.ts";

/** What stands for "not known" in the files of R, pandas, spreadsheets, SQL and the UCI repository. */
const MISSING = new Set(["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?", "-"]);

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A text column with more different values than this, most of them unique, names the rows rather than groups them. */
const MANY_VALUES = 50;

/** Names that targets have, most telling first; compared without case. */
const TARGET_NAMES = ["target", "label", "class", "species", "y"];

const HEAD_ROWS = 8;
const EXAMPLE_VALUES = 6;

export const isMissing = (cell: string): boolean => MISSING.has(cell);

/** The number that a cell says, or `undefined` where it says none: text, or a number beyond float32. */
export function numberOf(cell: string, decimalMark: Table["decimalMark"]): number | undefined {
  const text = decimalMark === "," ? cell.replace(",", ".") : cell;
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}

const described = new WeakMap<Table, readonly Column[]>();

/** What the columns of a table hold; worked out once per table, because every run on a file asks again. */
export function describeColumns(table: Table): readonly Column[] {
  const columns = described.get(table) ?? table.header.map((_, index) => describeColumn(table, index));
  described.set(table, columns);
  return columns;
}

/** What a column holds, and the type that follows: all numbers, groups, or neither. */
function describeColumn(table: Table, index: number): Column {
  const name = table.header[index] ?? "";
  let missing = 0;
  let numeric = true;
  const values = new Set<string>();
  for (const cell of table.columns[index] ?? []) {
    if (isMissing(cell)) missing++;
    else {
      values.add(cell);
      numeric &&= numberOf(cell, table.decimalMark) !== undefined;
    }
  }
  const present = table.rows - missing;
  const type = typeOf({ present, distinct: values.size, numeric });
  return { name, type, missing, distinct: values.size, examples: [...values].slice(0, EXAMPLE_VALUES) };
}

function typeOf(cells: { readonly present: number; readonly distinct: number; readonly numeric: boolean }): ColumnType {
  if (cells.present === 0) return "ignored";
  if (cells.numeric) return "numeric";
  return cells.distinct > MANY_VALUES && cells.distinct > cells.present / 2 ? "ignored" : "categorical";
}

/** A column whose name says so, else the last one that groups the rows, else the last one that is used at all. */
function proposeTarget(columns: readonly Column[]): string {
  const used = columns.filter(({ type }) => type !== "ignored");
  for (const name of TARGET_NAMES) {
    const match = used.find((column) => column.name.toLowerCase() === name);
    if (match !== undefined) return match.name;
  }
  const last = used.findLast(({ type }) => type === "categorical") ?? used.at(-1) ?? columns.at(-1);
  return last?.name ?? "";
}

/** What the page shows of a table before training: its columns as detected, its first rows, a proposed target. */
export function preview(table: Table): TablePreview {
  const columns = describeColumns(table);
  const head = Array.from({ length: Math.min(HEAD_ROWS, table.rows) }, (_, row) =>
    table.columns.map((column) => column[row] ?? ""),
  );
  return { name: table.name, rows: table.rows, columns, head, target: proposeTarget(columns) };
}
