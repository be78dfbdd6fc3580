import { DataError } from "./table.ts";

/** An array of an IDX file, the format of MNIST (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist). */
export interface IdxArray {
  /** Row by row. */
  readonly values: Uint8Array;
  readonly shape: readonly number[];
}

/** Element types by their code. Only bytes are read; the others are known to say what a file holds. */
const elementTypes: ReadonlyMap<number, { readonly name: string; readonly size: number }> = new Map([
  [0x08, { name: "unsigned bytes", size: 1 }],
  [0x09, { name: "signed bytes", size: 1 }],
  [0x0b, { name: "16-bit integers", size: 2 }],
  [0x0c, { name: "32-bit integers", size: 4 }],
  [0x0d, { name: "32-bit floats", size: 4 }],
  [0x0e, { name: "64-bit floats", size: 8 }],
]);
const UNSIGNED_BYTES = 0x08;
const MAX_DIMENSIONS = 4;
const MAX_HEADER = 4 + 4 * MAX_DIMENSIONS;

/** Most values of a file, in bytes: more would not fit the memory as float32. */
export const MAX_VALUES = 2 ** 28;
/** No DEFLATE stream holds more bytes per byte (RFC 1951: a match of 258 bytes takes two bits). */
const MAX_RATIO = 1032;

/** Whether a name is that of an IDX file; MNIST's names have no ending of their own. */
export const isIdxName = (name: string): boolean => /idx|ubyte|\.gz$/i.test(name);

interface Header {
  /** Bytes before the values. */
  readonly length: number;
  readonly shape: readonly number[];
  /** Product of the shape: values, of a byte each. */
  readonly values: number;
}

/** Reads the header from the first bytes of a file. */
function readHeader(bytes: Uint8Array): Header {
  const [zero, alsoZero, code = 0, dimensions = 0] = bytes;
  if (bytes.length < 4 || zero !== 0 || alsoZero !== 0) {
    throw new DataError("first bytes: got others than two zeros, expected an IDX file. Choose for example MNIST's.");
  }
  const type = elementTypes.get(code);
  if (type === undefined || code !== UNSIGNED_BYTES) {
    const got = type?.name ?? `the unknown type 0x${code.toString(16).padStart(2, "0")}`;
    throw new DataError(`element type: got ${got}, expected unsigned bytes. Save pixels and labels as bytes.`);
  }
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new DataError(`dimensions: got ${dimensions}, expected 1 to ${MAX_DIMENSIONS}. The file may be damaged.`);
  }
  const length = 4 + 4 * dimensions;
  if (bytes.length < length) throw cutShort(`${bytes.length} bytes`, `a header of ${length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const shape = Array.from({ length: dimensions }, (_, d) => view.getUint32(4 + 4 * d));
  const values = shape.reduce((product, size) => product * size, 1);
  if (values < 1 || values > MAX_VALUES) {
    const got = `got ${shape.join(" × ")}`;
    throw new DataError(`shape: ${got}, expected 1 to ${MAX_VALUES} values in all. Take a part of the examples.`);
  }
  return { length, shape, values };
}

const cutShort = (got: string, expected: string): DataError =>
  new DataError(`length: got ${got}, expected ${expected}. The file may be cut short: copy it again.`);

const isGzip = async (file: Blob): Promise<boolean> => {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b;
};

/** The bytes of a file, unpacked where it is gzip. */
async function* chunksOf(file: Blob, gzip: boolean): AsyncGenerator<Uint8Array> {
  const stream = gzip ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
  const reader = stream.getReader();
  try {
    for (let read = await next(reader); !read.done; read = await next(reader)) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Reads on; what the decompressor throws becomes an error in words. */
async function next(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new DataError("content: got damaged gzip data, expected a whole file. Copy or download it again.");
  }
}

/** Refuses a file whose header promises what it cannot hold, before memory is taken for it. */
function expectRoom({ length, values }: Header, file: Blob, gzip: boolean): void {
  if (gzip ? values > file.size * MAX_RATIO : values !== file.size - length) {
    const got = gzip ? `${file.size} packed bytes` : `${file.size - length} bytes after the header`;
    throw cutShort(got, `${values}, the product of the shape`);
  }
}

/**
 * Reads an IDX file of bytes, packed with gzip or not. Takes memory for the values that the header promises only, and
 * only when the file can hold them.
 *
 * @throws DataError when the file is no such file, damaged, cut short or too long.
 */
export async function readIdx(file: Blob): Promise<IdxArray> {
  const gzip = await isGzip(file);
  let start = new Uint8Array();
  let header: Header | undefined;
  let values = new Uint8Array();
  let filled = 0;
  for await (const chunk of chunksOf(file, gzip)) {
    let rest = chunk;
    if (header === undefined) {
      start = joined(start, chunk);
      if (start.length < MAX_HEADER) continue;
      header = readHeader(start);
      expectRoom(header, file, gzip);
      values = new Uint8Array(header.values);
      rest = start.subarray(header.length);
    }
    filled = append(values, filled, rest);
  }
  if (header === undefined) {
    header = readHeader(start);
    values = new Uint8Array(start.length - header.length);
    filled = append(values, 0, start.subarray(header.length));
  }
  if (filled !== header.values) throw cutShort(`${filled} values`, `${header.values}, the product of the shape`);
  return { values, shape: header.shape };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Writes a part behind the first `filled` values; how many there are then. */
function append(values: Uint8Array, filled: number, part: Uint8Array): number {
  if (filled + part.length > values.length) {
    const expected = `expected ${values.length}, the product of the shape`;
    throw new DataError(`length: got more values than the header says, ${expected}. The file may be damaged.`);
  }
  values.set(part, filled);
  return filled + part.length;
}
