import { DataError } from "./table.ts";

/** A CSV file: its text, or its bytes in UTF-8. */
export type CsvSource = string | Blob | AsyncIterable<Uint8Array>;

/** The largest file that is read, in bytes. */
export const MAX_BYTES = 512 * 2 ** 20;

/** Pieces of text handed on at once, in UTF-16 units: short, so that a bad file is refused early. */
const PIECE = 2 ** 18;

async function* bytesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}

function decode(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new DataError("file: got bytes that are no UTF-8 text, expected a CSV file. Save the table as CSV in UTF-8.");
  }
}

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw tooLarge("more");
    yield decode(decoder, chunk);
  }
  yield decode(decoder);
}

function tooLarge(got: string): DataError {
  return new DataError(`file: got ${got} than 512 MB, expected at most that. Take a sample of its rows.`);
}

async function* wholeText(source: CsvSource): AsyncGenerator<string> {
  if (typeof source === "string") {
    if (source.length > MAX_BYTES) throw tooLarge("more");
    yield source.startsWith("\ufeff") ? source.slice(1) : source;
    return;
  }
  if (source instanceof Blob && source.size > MAX_BYTES) throw tooLarge(`${Math.ceil(source.size / 2 ** 20)} MB, more`);
  yield* decoded(source instanceof Blob ? bytesOf(source) : source);
}

/**
 * The text of a source in short pieces, without byte order mark, every line ended by "\n" alone.
 *
 * @throws DataError when it is too large, binary, or no UTF-8.
 */
export async function* csvText(source: CsvSource): AsyncGenerator<string> {
  let heldReturn = "";
  for await (const text of wholeText(source)) {
    for (let start = 0; start < text.length; start += PIECE) {
      const piece = heldReturn + text.slice(start, start + PIECE);
      if (piece.includes("\0")) {
        throw new DataError("file: got binary content (a zero byte), expected text. Export the table as CSV in UTF-8.");
      }
      // A carriage return at the very end may be the first half of a line end.
      heldReturn = piece.endsWith("\r") ? "\r" : "";
      const complete = heldReturn === "" ? piece : piece.slice(0, -1);
      yield complete.includes("\r") ? complete.replace(/\r\n?/g, "\n") : complete;
    }
  }
  if (heldReturn !== "") yield "\n";
}
