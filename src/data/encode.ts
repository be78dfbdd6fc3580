import { listed, type UsedColumn } from "./choices.ts";
import { isMissing, numberOf } from "./columns.ts";
import { DataError, type Table } from "./table.ts";

/** Centre and spread of a column in the training split: standardised = (raw - mean) / standardDeviation. */
export interface Scale {
  readonly mean: number;
  /** Divided by the number of values (not by one less); 0 for a constant column. */
  readonly standardDeviation: number;
}

/** Turns one column's cells into inputs. All that it knows of values and their spread comes from the training rows. */
export interface Encoder {
  /** One name per input. */
  readonly names: readonly string[];
  readonly notes: readonly string[];
  /** Writes the inputs of example `i` to `out` from `at` on. */
  write(i: number, out: Float32Array, at: number): void;
}

/** One input per value beyond this many is no longer a sensible encoding. */
const MAX_CATEGORIES = 1000;

/** A number as a note shows it: four significant digits. */
export const rounded = (value: number): string => String(Number(value.toPrecision(4)));

/** The cells of the used rows, in their order. */
export function cellsOf(table: Table, column: UsedColumn, rows: Uint32Array): readonly string[] {
  const cells = table.columns[column.index] ?? [];
  return Array.from(rows, (row) => cells[row] ?? "");
}

/**
 * The numbers of the used rows, NaN where the cell is missing.
 *
 * @throws DataError when a cell is text.
 */
export function numbersOf(table: Table, column: UsedColumn, rows: Uint32Array): Float64Array {
  const cells = table.columns[column.index] ?? [];
  return Float64Array.from(rows, (row) => {
    const cell = cells[row] ?? "";
    const value = isMissing(cell) ? Number.NaN : numberOf(cell, table.decimalMark);
    if (value !== undefined) return value;
    const got = `got "${cell.slice(0, 40)}" in row ${row + 1}`;
    throw new DataError(
      `column "${column.name}": ${got}, expected finite numbers. Set its type to categorical or ignored.`,
    );
  });
}

/** Mean and standard deviation of the training rows' values that are not missing. */
export function scaleOf(values: Float64Array, train: Uint32Array): Scale {
  const known = Float64Array.from(train, (i) => values[i] ?? Number.NaN).filter((value) => !Number.isNaN(value));
  if (known.length === 0) return { mean: 0, standardDeviation: 0 };
  // Rounding may give a constant column a tiny deviation, which would blow up whatever differs elsewhere.
  const first = known[0] ?? 0;
  if (known.every((value) => value === first)) return { mean: first, standardDeviation: 0 };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  return { mean, standardDeviation: Math.sqrt(variance) };
}

/** (value - mean) / standard deviation; 0 for a missing value, which is to take the mean, and in a constant column. */
export function standardise(value: number, { mean, standardDeviation }: Scale): number {
  return Number.isNaN(value) || standardDeviation === 0 ? 0 : (value - mean) / standardDeviation;
}

function encodeNumeric(name: string, values: Float64Array, train: Uint32Array): Encoder {
  const scale = scaleOf(values, train);
  const missing = values.filter((value) => Number.isNaN(value)).length;
  const notes: string[] = [];
  if (missing > 0) notes.push(`${name}: ${missing} missing filled with the training mean, ${rounded(scale.mean)}.`);
  if (scale.standardDeviation === 0)
    notes.push(`${name}: constant in the training split, so it tells nothing (set to 0).`);
  return {
    names: [name],
    notes,
    write: (i, out, at) => {
      out[at] = standardise(values[i] ?? Number.NaN, scale);
    },
  };
}

/** The training split's values by first occurrence, and how often each occurs. */
function countValues(cells: readonly string[], train: Uint32Array): Map<string, number> {
  const counts = new Map<string, number>();
  for (const i of train) {
    const cell = cells[i] ?? "";
    if (!isMissing(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return counts;
}

function encodeCategorical(name: string, cells: readonly string[], train: Uint32Array): Encoder {
  const counts = countValues(cells, train);
  if (counts.size > MAX_CATEGORIES) {
    const got = `got ${counts.size} different values`;
    throw new DataError(
      `column "${name}": ${got}, expected at most ${MAX_CATEGORIES} as categories. Set its type to ignored.`,
    );
  }
  const values = [...counts.keys()];
  const place = new Map(values.map((value, k) => [value, k]));
  const commonest = [...counts].reduce<[string, number]>((most, next) => (next[1] > most[1] ? next : most), ["", 0])[0];
  const missing = cells.filter(isMissing).length;
  const unseen = new Set(cells.filter((cell) => !isMissing(cell) && !place.has(cell)));
  const notes: string[] = [];
  if (missing > 0) notes.push(`${name}: ${missing} missing filled with the commonest training value, "${commonest}".`);
  if (unseen.size > 0)
    notes.push(`${name}: ${listed([...unseen])} not in the training split, encoded as none of its values.`);
  return {
    names: values.map((value) => `${name} = ${value}`),
    notes,
    write: (i, out, at) => {
      const cell = cells[i] ?? "";
      const k = place.get(isMissing(cell) ? commonest : cell);
      if (k !== undefined) out[at + k] = 1;
    },
  };
}

/** The encoder of a feature: standardised if numeric, one input per value ("one-hot") if categorical. */
export function encodeFeature(table: Table, column: UsedColumn, rows: Uint32Array, train: Uint32Array): Encoder {
  return column.type === "numeric"
    ? encodeNumeric(column.name, numbersOf(table, column, rows), train)
    : encodeCategorical(column.name, cellsOf(table, column, rows), train);
}
