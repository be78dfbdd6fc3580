import Papa from "papaparse";
import { numberOf } from "./columns.ts";
import { type CsvSource, csvText } from "./csvText.ts";
import { DataError, type Table } from "./table.ts";

const MAX_COLUMNS = 4096;
const MAX_ROWS = 5_000_000;
/** The longest record, in UTF-16 units: a file of one line, or with a quote that never ends, is refused after this. */
const MAX_RECORD = 2 ** 20;

const DELIMITERS: Readonly<Record<string, string>> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

/** What papaparse's parser of single pieces returns. */
interface ParsedPiece {
  readonly data: readonly (readonly string[])[];
  readonly errors: readonly { readonly code: string; readonly row: number }[];
  readonly meta: { readonly cursor: number };
}

/** Parses the records of `text`; unless it is the last piece, the record that it ends in is left for the next. */
function parsePiece(text: string, delimiter: string, last: boolean, preview = 0): ParsedPiece {
  return new Papa.Parser({ delimiter, newline: "\n", preview }).parse(text, 0, !last) as ParsedPiece;
}

/** The delimiter that splits the first record into most cells: names seldom hold commas, numbers may. */
function detectDelimiter(text: string): string {
  let best = { delimiter: ",", cells: 1 };
  for (const delimiter of Object.keys(DELIMITERS)) {
    const cells = parsePiece(text, delimiter, true, 1).data[0]?.length ?? 0;
    if (cells > best.cells) best = { delimiter, cells };
  }
  return best.delimiter;
}

function linesOf(record: readonly string[]): number {
  let lines = 1;
  for (const cell of record) {
    for (let at = cell.indexOf("\n"); at !== -1; at = cell.indexOf("\n", at + 1)) lines++;
  }
  return lines;
}

const isBlank = (record: readonly string[]): boolean => record.length === 1 && (record[0] ?? "").trim() === "";

/** Collects records into columns, and refuses the first one that does not fit. */
class TableBuilder {
  header: readonly string[] = [];
  readonly columns: string[][] = [];
  /** Of the next record, from 1. */
  line = 1;
  readonly delimiter: string;
  readonly decimalMark: Table["decimalMark"];

  constructor(delimiter: string) {
    this.delimiter = delimiter;
    this.decimalMark = delimiter === ";" ? "," : ".";
  }

  get rows(): number {
    return this.columns[0]?.length ?? 0;
  }

  add(record: readonly string[]): void {
    if (!isBlank(record)) {
      if (this.header.length === 0) this.open(record);
      else this.append(record);
    }
    this.line += linesOf(record);
  }

  private open(record: readonly string[]): void {
    if (record.length > MAX_COLUMNS) {
      throw new DataError(`columns: got ${record.length}, expected at most ${MAX_COLUMNS}. Leave some out.`);
    }
    if (record.length === 1) {
      throw new DataError(
        `line ${this.line}: got one column, expected at least a feature and a target, separated by comma, semicolon, ` +
          "tab or bar. Check that this is a table.",
      );
    }
    this.refuseNumbersAsNames(record);
    this.header = namesOf(record);
    for (const _ of record) this.columns.push([]);
  }

  /** Whole numbers may name columns (years, pixels); fractions, or numbers only, mean that the header is missing. */
  private refuseNumbersAsNames(record: readonly string[]): void {
    const numbers = record.flatMap((cell) => numberOf(cell.trim(), this.decimalMark) ?? []);
    const fraction = numbers.find((value) => !Number.isInteger(value));
    if (fraction === undefined && numbers.length < record.length) return;
    throw new DataError(
      `line ${this.line}: got the number ${fraction ?? numbers[0]}, expected a column name. ` +
        "The first line must name the columns: add such a line.",
    );
  }

  private append(record: readonly string[]): void {
    if (record.length !== this.header.length) {
      const counts = `got ${record.length} cells, expected ${this.header.length} as in the header`;
      throw new DataError(
        `line ${this.line}: ${counts} (cells are separated by ${DELIMITERS[this.delimiter]}). ` +
          "Mend the line, or put quotes around cells that hold the separator.",
      );
    }
    if (this.rows === MAX_ROWS) {
      throw new DataError("rows: got more than 5 million, expected at most that. Take a sample of the rows.");
    }
    for (let c = 0; c < this.columns.length; c++) this.columns[c]?.push((record[c] ?? "").trim());
  }
}

/** Names for columns: an empty name becomes "column 3", a repeated one gets a number behind it. */
function namesOf(record: readonly string[]): string[] {
  const given = new Set(record.map((cell) => cell.trim()));
  const taken = new Set<string>();
  return record.map((cell, i) => {
    const base = cell.trim() === "" ? `column ${i + 1}` : cell.trim();
    let name = base;
    for (let n = 2; taken.has(name) || (name !== cell.trim() && given.has(name)); n++) name = `${base} (${n})`;
    taken.add(name);
    return name;
  });
}

function addPiece(builder: TableBuilder, piece: ParsedPiece): void {
  for (const [row, record] of piece.data.entries()) {
    // A record may have several errors; the first one is the cause of the others.
    const error = piece.errors.find((candidate) => candidate.row === row);
    if (error !== undefined) {
      const what = error.code === "MissingQuotes" ? "a quote that is never closed" : "text after a closing quote";
      throw new DataError(
        `line ${builder.line}: got a cell with ${what}, expected quotes around whole cells. ` +
          "Double the quotes within it.",
      );
    }
    builder.add(record);
  }
}

/**
 * Reads a table of comma-separated values (RFC 4180, or with semicolon, tab or bar between cells) whose first line
 * names the columns. Strict: a row with too many or too few cells is an error, not a guess. Blank lines are skipped.
 * Where cells are separated by semicolons, numbers may have a decimal comma.
 *
 * @param source text, a file or other blob, or chunks of bytes; bytes are UTF-8. Read as a stream.
 * @param name of the table, for messages and for the page.
 * @throws DataError that names the line and what is wrong with it.
 */
export async function parseTable(source: CsvSource, name: string = nameOf(source)): Promise<Table> {
  let builder: TableBuilder | undefined;
  let rest = "";
  for await (const text of csvText(source)) {
    rest += text;
    builder ??= startBuilder(rest);
    if (builder !== undefined) {
      const piece = parsePiece(rest, builder.delimiter, false);
      addPiece(builder, piece);
      rest = rest.slice(piece.meta.cursor);
    }
    if (rest.length > MAX_RECORD) {
      throw new DataError(
        `line ${builder?.line ?? 1}: got a row of more than a million characters, expected a table. ` +
          "Check that lines end and that every quote is closed.",
      );
    }
  }
  builder ??= new TableBuilder(detectDelimiter(rest));
  addPiece(builder, parsePiece(rest, builder.delimiter, true));
  return finish(builder, name);
}

/** A builder for the delimiter of the first line, once that line is there; blank lines before it do not count. */
function startBuilder(text: string): TableBuilder | undefined {
  const fromHeader = text.replace(/^(?:[^\S\n]*\n)+/, "");
  return fromHeader.includes("\n") ? new TableBuilder(detectDelimiter(fromHeader)) : undefined;
}

function finish(builder: TableBuilder, name: string): Table {
  if (builder.header.length === 0) {
    throw new DataError("file: got an empty file, expected a header and rows. Choose another file.");
  }
  if (builder.rows === 0) {
    throw new DataError("rows: got a header and no rows, expected at least two rows. Choose another file.");
  }
  const { header, columns, rows, decimalMark } = builder;
  return { name, rows, header, columns, decimalMark };
}

function nameOf(source: CsvSource): string {
  return typeof source === "object" && "name" in source && typeof source.name === "string" ? source.name : "table";
}
