import { describeColumns, isMissing } from "./columns.ts";
import type { Task } from "./dataset.ts";
import { type Column, type ColumnType, DataError, type Table, type TableChoices } from "./table.ts";

/** A column that the model sees, as a place in the table. */
export interface UsedColumn {
  readonly name: string;
  readonly index: number;
  readonly type: Exclude<ColumnType, "ignored">;
}

/** What the choices say about a table, checked. */
export interface ResolvedChoices {
  readonly task: Task;
  readonly target: UsedColumn;
  readonly features: readonly UsedColumn[];
  /** Names of the columns that nothing is made of. */
  readonly ignored: readonly string[];
}

const NAMES_SHOWN = 12;

/** A few names for a message, and how many there are besides. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function checkNames(table: Table, choices: TableChoices): void {
  const known = `expected one of ${listed(table.header)}`;
  if (!table.header.includes(choices.target)) {
    throw new DataError(`target: got "${choices.target}", ${known}. Choose a column of this file.`);
  }
  for (const name of Object.keys(choices.types)) {
    if (!table.header.includes(name))
      throw new DataError(`column types: got "${name}", ${known}. Name a column of this file.`);
  }
  if (choices.missing !== "impute" && choices.missing !== "drop") {
    throw new DataError(`missing cells: got "${choices.missing}", expected "impute" or "drop". Choose one.`);
  }
}

/** The type that the user chose, else the detected one. */
function typeOf(column: Column, choices: TableChoices): ColumnType {
  const chosen = Object.hasOwn(choices.types, column.name) ? choices.types[column.name] : undefined;
  if (chosen === undefined || chosen === "numeric" || chosen === "categorical" || chosen === "ignored") {
    return chosen ?? column.type;
  }
  const allowed = 'expected "numeric", "categorical" or "ignored"';
  throw new DataError(`column "${column.name}": got type "${chosen}", ${allowed}. Choose one.`);
}

/** A target is never ignored by detection alone: whoever chose a column of many texts gets their classes counted. */
function typeOfTarget(column: Column, choices: TableChoices): UsedColumn["type"] {
  const type = typeOf(column, choices);
  if (type !== "ignored") return type;
  if (Object.hasOwn(choices.types, column.name)) {
    throw new DataError(`target "${column.name}": got type "ignored", expected numeric or categorical. Choose a type.`);
  }
  return "categorical";
}

/**
 * Checks choices against a table and fills in the detected types.
 *
 * @throws DataError for a column or type that there is not, or when no feature is left.
 */
export function resolveChoices(table: Table, choices: TableChoices): ResolvedChoices {
  checkNames(table, choices);
  const features: UsedColumn[] = [];
  const ignored: string[] = [];
  let target: UsedColumn | undefined;
  for (const [index, column] of describeColumns(table).entries()) {
    const { name } = column;
    if (name === choices.target) {
      target = { name, index, type: typeOfTarget(column, choices) };
      continue;
    }
    const type = typeOf(column, choices);
    if (type === "ignored") ignored.push(name);
    else features.push({ name, index, type });
  }
  if (target === undefined || features.length === 0) {
    const got = `got none besides the target "${choices.target}"`;
    throw new DataError(`features: ${got}, expected at least one column that is not ignored. Correct a column's type.`);
  }
  return { task: target.type === "numeric" ? "regression" : "classification", target, features, ignored };
}

/**
 * The rows to use: those with a target and, where missing cells are dropped, with every feature.
 *
 * @returns row numbers of the table, ascending, and notes on the others.
 * @throws DataError when none is left.
 */
export function usableRows(
  table: Table,
  { target, features }: ResolvedChoices,
  missing: TableChoices["missing"],
): { readonly rows: Uint32Array; readonly notes: readonly string[] } {
  const required = missing === "drop" ? [target, ...features] : [target];
  const kept: number[] = [];
  const dropped = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    const lacking = required.filter(({ index }) => isMissing(table.columns[index]?.[row] ?? ""));
    if (lacking.length === 0) kept.push(row);
    for (const { name } of lacking) dropped.set(name, (dropped.get(name) ?? 0) + 1);
  }
  const count = table.rows - kept.length;
  if (count === 0) return { rows: Uint32Array.from(kept), notes: [] };
  const cells = [...dropped].map(([name, lacking]) => `${name} ${lacking}`).join(", ");
  if (kept.length === 0) {
    const remedy = "Ignore the columns that lack most, or impute missing cells.";
    throw new DataError(`rows: got none without missing cells (${cells}), expected at least one. ${remedy}`);
  }
  const notes = [`${count} of ${table.rows} rows dropped because cells are missing (${cells}).`];
  return { rows: Uint32Array.from(kept), notes };
}
