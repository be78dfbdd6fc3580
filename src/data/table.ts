import type { ImageSize } from "./images.ts";

/** A file of comma-separated values as the reader understood it, before anybody chose a target. */

/** Data that cannot be used. The message names what is wrong, where, and what to do about it; it is shown as it is. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/** The cells of a file as text, N rows of as many cells as the header has names. */
export interface Table {
  readonly name: string;
  readonly rows: number;
  /** Column names, all different, none empty. */
  readonly header: readonly string[];
  /** Column by column: `columns[c][row]`, without surrounding blanks. */
  readonly columns: readonly (readonly string[])[];
  /** What separates the integer part of a number from its fraction. */
  readonly decimalMark: "." | ",";
}

/** How a column's cells are used: a number as it is, a category as one input per value, or not at all. */
export type ColumnType = "numeric" | "categorical" | "ignored";

export interface Column {
  readonly name: string;
  /** What the reader detected; the user may correct it. */
  readonly type: ColumnType;
  /** Rows whose cell is empty or says NA, NaN, null or ?. */
  readonly missing: number;
  /** Number of different values among the others. */
  readonly distinct: number;
  /** The first few different values, as text. */
  readonly examples: readonly string[];
}

/** What the page shows of a file: never the whole file. */
export interface TablePreview {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** The first rows, as text. */
  readonly head: readonly (readonly string[])[];
  /** The column that the reader proposes as target. */
  readonly target: string;
  /** Where the file holds images: their size; the one column is their class. */
  readonly image?: ImageSize;
}

/** How missing cells are handled: filled with the training split's mean (or commonest value), or their rows dropped. */
export type MissingPolicy = "impute" | "drop";

/** How a table becomes examples. */
export interface TableChoices {
  readonly target: string;
  /** Corrections of detected column types, by column name. */
  readonly types: Readonly<Record<string, ColumnType>>;
  readonly missing: MissingPolicy;
}
