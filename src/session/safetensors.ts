import { JsonError, parseJson } from "./json.ts";

/**
 * Files of weights in the format safetensors: eight bytes of header length (little endian), a JSON header that names
 * type, shape and place of each tensor, then the tensors' bytes, one after another without gaps.
 * https://github.com/huggingface/safetensors#format
 */

/** A tensor with its numbers, row by row. */
export interface TensorValues {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A file that is no valid safetensors file. The message names the tensor and what is wrong with it. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}

export interface Safetensors {
  /** By name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, TensorValues>;
  readonly metadata: ReadonlyMap<string, string>;
}

const LENGTH_BYTES = 8;
/** As in the reference implementation. */
const MAX_HEADER = 100_000_000;
const METADATA = "__metadata__";

/** Bytes per element of the types that the format knows. */
const elementBytes: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

type Header = Readonly<Record<string, unknown>>;

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const isObject = (value: unknown): value is Header =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function fail(subject: string, got: string, expected: string): never {
  throw new SafetensorsError(`${subject}: got ${got}, expected ${expected}. Write the file again.`);
}

/** The header's text and where the tensors' bytes start. */
function headerText(bytes: Uint8Array): { readonly text: string; readonly start: number } {
  if (bytes.byteLength < LENGTH_BYTES) {
    fail("file", `${bytes.byteLength} bytes`, `at least ${LENGTH_BYTES}, the length of its header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const most = Math.min(MAX_HEADER, bytes.byteLength - LENGTH_BYTES);
  if (length > BigInt(most)) fail("header", `a length of ${length} bytes`, `at most ${most}`);
  const start = LENGTH_BYTES + Number(length);
  if (bytes[LENGTH_BYTES] !== 0x7b || length === 0n)
    fail("header", "another first byte", "a JSON object that starts with {");
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes.subarray(LENGTH_BYTES, start)), start };
  } catch {
    return fail("header", "bytes that are no UTF-8", "JSON in UTF-8");
  }
}

function parseHeader(text: string): Header {
  try {
    return parseJson(text) as Header;
  } catch (error) {
    if (error instanceof JsonError) throw new SafetensorsError(`header: ${error.message} Write the file again.`);
    throw error;
  }
}

function readMetadata(value: unknown): ReadonlyMap<string, string> {
  if (!isObject(value)) fail(METADATA, "no object", "names and texts");
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== "string") fail(`${METADATA} ${JSON.stringify(name)}`, "no text", "text");
  }
  return new Map(Object.entries(value) as [string, string][]);
}

function readEntry(name: string, value: unknown): Entry {
  const subject = `tensor ${JSON.stringify(name)}`;
  if (!isObject(value)) fail(subject, "no object", "dtype, shape and data_offsets");
  const unknown = Object.keys(value).find((key) => !["dtype", "shape", "data_offsets"].includes(key));
  if (unknown !== undefined) fail(subject, `a field ${JSON.stringify(unknown)}`, "dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(elementBytes, dtype)) {
    fail(subject, `dtype ${JSON.stringify(dtype) ?? "nothing"}`, `one of ${Object.keys(elementBytes).join(", ")}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) fail(subject, "another shape", "a list of integers from 0");
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    fail(subject, "other data_offsets", "two integers from 0");
  }
  const [begin, end] = offsets as [number, number];
  return { name, dtype, shape: shape as readonly number[], begin, end };
}

/** Checks that a tensor's shape and type need exactly the bytes that its offsets span. */
function checkSize({ name, dtype, shape, begin, end }: Entry): void {
  // BigInt, because sizes such as 2^32 x 2^32 would wrap around in fewer bits and lose digits in a double.
  const bytes = shape.reduce((product, size) => product * BigInt(size), BigInt(elementBytes[dtype] ?? 0));
  if (bytes !== BigInt(end) - BigInt(begin)) {
    fail(`tensor ${JSON.stringify(name)}`, `${end - begin} bytes`, `${bytes} for ${dtype} (${shape.join(", ")})`);
  }
}

/** Checks that tensors lie one after another, from the first byte to the last. */
function checkPlaces(entries: readonly Entry[], size: number): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at)
      fail(`tensor ${JSON.stringify(name)}`, `a start at byte ${begin}`, `${at}, where the one before ends`);
    at = end;
  }
  if (at !== size) fail("tensors", `an end at byte ${at}`, `${size}, the end of the file`);
}

function valuesOf({ name, dtype, shape, begin, end }: Entry, data: Uint8Array): TensorValues {
  if (dtype !== "F32") {
    throw new SafetensorsError(
      `tensor ${JSON.stringify(name)}: got dtype ${dtype}, expected F32. Convert the weights to float32.`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset + begin, end - begin);
  return { shape, values: Float32Array.from({ length: (end - begin) / 4 }, (_, i) => view.getFloat32(4 * i, true)) };
}

/**
 * Reads a file of float32 tensors, strictly: nothing is allocated before sizes are known to fit the file, and whatever
 * the format does not allow is refused, as the reference implementation does and beyond.
 *
 * @throws SafetensorsError that names the tensor and what is wrong with it.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { text, start } = headerText(bytes);
  const header = parseHeader(text);
  const data = bytes.subarray(start);
  const metadata = Object.hasOwn(header, METADATA) ? readMetadata(header[METADATA]) : new Map<string, string>();
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => readEntry(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const entry of entries) checkSize(entry);
  checkPlaces(entries, data.byteLength);
  return { tensors: new Map(entries.map((entry) => [entry.name, valuesOf(entry, data)])), metadata };
}

/** The header's object; `fromEntries` keeps any name, __proto__ too, an ordinary key. */
function headerOf(tensors: ReadonlyMap<string, TensorValues>, metadata: ReadonlyMap<string, string>): Header {
  let at = 0;
  const entries = [...tensors].map(([name, { shape, values }]): [string, unknown] => {
    const count = shape.reduce((product, size) => product * size, 1);
    if (name === METADATA) throw new SafetensorsError(`tensor: got the name ${METADATA}, expected another. Rename it.`);
    if (count !== values.length)
      fail(`tensor ${name}`, `${values.length} numbers`, `${count} for (${shape.join(", ")})`);
    const begin = at;
    at += 4 * count;
    return [name, { dtype: "F32", shape, data_offsets: [begin, at] }];
  });
  const own: [string, unknown][] = metadata.size === 0 ? [] : [[METADATA, Object.fromEntries(metadata)]];
  return Object.fromEntries([...own, ...entries]);
}

/**
 * Writes tensors as a safetensors file, in their order. The header is padded with spaces to a multiple of eight bytes.
 *
 * @throws SafetensorsError when a tensor's numbers do not fill its shape.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorValues>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(JSON.stringify(headerOf(tensors, metadata)));
  const length = Math.ceil(header.length / 8) * 8;
  const start = LENGTH_BYTES + length;
  const count = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
  const bytes = new Uint8Array(start + 4 * count).fill(0x20, LENGTH_BYTES, start);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.set(header, LENGTH_BYTES);
  let at = start;
  for (const { values } of tensors.values()) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}
