import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readSafetensors,
  SafetensorsError,
  type TensorValues,
  writeSafetensors,
} from "../../src/session/safetensors.ts";

/** A file with this header text and this many bytes of tensors. */
function fileOf(header: string | Uint8Array, dataBytes: number, length?: bigint): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (dtype: string, shape: unknown, offsets: unknown): unknown => ({ dtype, shape, data_offsets: offsets });
const json = (header: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(header)));

const tensor: fc.Arbitrary<TensorValues> = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }).chain((shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  return fc
    .array(fc.float({ noDefaultInfinity: false }), { minLength: length, maxLength: length })
    .map((values) => ({ shape, values: Float32Array.from(values) }));
});
const name = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("__proto__", "constructor", "layers.0.weight"));
const tensors = fc
  .array(
    fc.tuple(
      name.filter((text) => text !== "__metadata__"),
      tensor,
    ),
    { maxLength: 6 },
  )
  .map((entries) => new Map(entries));
const metadata = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }).map((entries) => new Map(entries));

describe("what is written", () => {
  test("reads back the same, names, shapes, bits and metadata", () => {
    fc.assert(
      fc.property(tensors, metadata, (written, about) => {
        const read = readSafetensors(writeSafetensors(written, about));
        expect([...read.tensors]).toEqual([...written]);
        expect([...read.metadata].sort()).toEqual([...about].sort());
      }),
    );
  });

  test("follows the format byte by byte", () => {
    const bytes = writeSafetensors(new Map([["w", { shape: [2], values: Float32Array.of(1, -2) }]]));
    const header = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, " ");
    expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(padded.length));
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + padded.length))).toBe(padded);
    // 1 and -2 as IEEE 754 singles, little endian.
    expect([...bytes.subarray(8 + padded.length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test("has its tensors at a multiple of eight bytes, however long the names", () => {
    fc.assert(
      fc.property(tensors, (written) => {
        const bytes = writeSafetensors(written);
        expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
      }),
    );
  });

  test("must fill its shape and not take the metadata's name", () => {
    const values = Float32Array.of(1, 2);
    expect(() => writeSafetensors(new Map([["w", { shape: [3], values }]]))).toThrow(SafetensorsError);
    expect(() => writeSafetensors(new Map([["__metadata__", { shape: [2], values }]]))).toThrow(SafetensorsError);
  });
});

describe("an attack is refused with its reason", () => {
  const good = entry("F32", [2], [0, 8]);
  test.each<[string, Uint8Array, string | RegExp]>([
    ["an empty file", new Uint8Array(), "got 0 bytes"],
    ["a file shorter than its length field", new Uint8Array(7), "got 7 bytes"],
    ["a header longer than the file", fileOf("{}", 0, 3n), "a length of 3 bytes"],
    ["a header of 2^64 - 1 bytes", fileOf("{}", 0, 2n ** 64n - 1n), "a length of 18446744073709551615 bytes"],
    ["a header of no bytes", fileOf("", 8), "another first byte"],
    ["a header that starts with a blank", fileOf(" {}", 0), "another first byte"],
    ["a header that is a list", fileOf("[]", 0), "another first byte"],
    ["a header that is no UTF-8", fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 0), "no UTF-8"],
    ["a header that is no JSON", fileOf("{'w': 1}", 0), "expected a key in double quotes"],
    ["a header with an end that is not its own", fileOf('{}{"w":1}', 0), "expected the end of the text"],
    [
      "a name that comes twice",
      fileOf(`{"w":${JSON.stringify(good)},"w":${JSON.stringify(good)}}`, 8),
      'the key "w" again',
    ],
    [
      "a dtype that comes twice",
      fileOf('{"w":{"dtype":"F32","dtype":"F16","shape":[2],"data_offsets":[0,8]}}', 8),
      'the key "dtype" again',
    ],
    ["nesting 100,000 deep", fileOf(`{"w":${"[".repeat(100_000)}`, 0), "at most 64 values inside each other"],
    ["metadata that is no object", fileOf(json({ __metadata__: "x" }), 0), "__metadata__: got no object"],
    ["metadata that is no text", fileOf(json({ __metadata__: { a: 1 } }), 0), '__metadata__ "a": got no text'],
    ["a tensor that is no object", fileOf(json({ w: 1 }), 0), 'tensor "w": got no object'],
    [
      "a field too many",
      fileOf(json({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8], x: 1 } }), 8),
      'a field "x"',
    ],
    ["a missing dtype", fileOf(json({ w: { shape: [2], data_offsets: [0, 8] } }), 8), "dtype nothing"],
    ["an unknown dtype", fileOf(json({ w: entry("F33", [2], [0, 8]) }), 8), 'dtype "F33"'],
    ["a dtype from the prototype", fileOf(json({ w: entry("toString", [2], [0, 8]) }), 8), 'dtype "toString"'],
    ["a shape that is no list", fileOf(json({ w: entry("F32", 2, [0, 8]) }), 8), "another shape"],
    ["a negative size", fileOf(json({ w: entry("F32", [-2], [0, 8]) }), 8), "another shape"],
    ["a fractional size", fileOf(json({ w: entry("F32", [0.5], [0, 2]) }), 2), "another shape"],
    ["a size beyond 2^53", fileOf(json({ w: entry("F32", [2 ** 53], [0, 8]) }), 8), "another shape"],
    [
      "a shape whose product wraps around to 0",
      fileOf(json({ w: entry("F32", [2 ** 32, 2 ** 32], [0, 0]) }), 0),
      "73786976294838206464 for F32",
    ],
    [
      "a shape of 32 GiB in a file of a hundred bytes",
      fileOf(json({ w: entry("F32", [2 ** 33], [0, 8]) }), 8),
      "34359738368 for F32",
    ],
    ["offsets that are too few", fileOf(json({ w: entry("F32", [2], [8]) }), 8), "other data_offsets"],
    ["offsets the wrong way round", fileOf(json({ w: entry("F32", [2], [8, 0]) }), 8), "-8 bytes"],
    ["offsets beyond the file", fileOf(json({ w: entry("F32", [4], [0, 16]) }), 8), "an end at byte 16"],
    ["a shape smaller than its bytes", fileOf(json({ w: entry("F32", [1], [0, 8]) }), 8), "8 bytes, expected 4"],
    ["a hole at the start", fileOf(json({ w: entry("F32", [2], [4, 12]) }), 12), "a start at byte 4"],
    [
      "a hole between tensors",
      fileOf(json({ a: entry("F32", [1], [0, 4]), b: entry("F32", [1], [8, 12]) }), 12),
      "a start at byte 8",
    ],
    [
      "tensors that overlap",
      fileOf(json({ a: entry("F32", [2], [0, 8]), b: entry("F32", [2], [4, 12]) }), 12),
      "a start at byte 4",
    ],
    ["two tensors in one place", fileOf(json({ a: good, b: good }), 8), "a start at byte 0"],
    ["bytes after the last tensor", fileOf(json({ w: good }), 9), "an end at byte 8"],
    ["bytes without a tensor", fileOf("{}", 4), "an end at byte 0"],
    ["float64 weights", fileOf(json({ w: entry("F64", [1], [0, 8]) }), 8), 'tensor "w": got dtype F64, expected F32'],
    ["float16 weights", fileOf(json({ w: entry("F16", [4], [0, 8]) }), 8), 'tensor "w": got dtype F16, expected F32'],
  ])("%s", (_, bytes, reason) => {
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => readSafetensors(bytes)).toThrow(reason);
  });

  test("and a tensor called __proto__ is a tensor like any other", () => {
    const read = readSafetensors(fileOf(`{"__proto__":${JSON.stringify(good)}}`, 8));
    expect([...read.tensors.keys()]).toEqual(["__proto__"]);
    expect(({} as Readonly<Record<string, unknown>>).dtype).toBeUndefined();
  });
});

describe("a damaged file", () => {
  const whole = writeSafetensors(
    new Map([
      ["layers.0.weight", { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
      ["layers.0.bias", { shape: [2], values: Float32Array.of(7, 8) }],
    ]),
    new Map([["format", "pt"]]),
  );

  test("that ends early is refused at every length", () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => readSafetensors(whole.subarray(0, length))).toThrow(SafetensorsError);
    }
  });

  test("is read or refused, never answered with another error", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const bytes = whole.slice();
          for (const [at, value] of changes) bytes[at] = value;
          try {
            readSafetensors(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(SafetensorsError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
