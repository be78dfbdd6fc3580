import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openFiles, openImages } from "../../src/data/files.ts";
import { readIdx } from "../../src/data/idx.ts";
import { assembleImages, type IdxFile } from "../../src/data/imageFiles.ts";
import { type ImageSet, prepareImages, previewImages } from "../../src/data/images.ts";
import { DataError } from "../../src/data/table.ts";

/** The bytes of an IDX file. */
function idx(shape: readonly number[], values: readonly number[], type = 0x08): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length);
  bytes.set([0, 0, type, shape.length]);
  shape.forEach((size, d) => {
    new DataView(bytes.buffer).setUint32(4 + 4 * d, size);
  });
  bytes.set(values, 4 + 4 * shape.length);
  return bytes;
}

const read = (bytes: Uint8Array<ArrayBuffer>) => readIdx(new Blob([bytes]));
const zipped = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(gzipSync(bytes));
const count = (length: number) => Array.from({ length }, (_, i) => i);

describe("readIdx", () => {
  test.each([[[3]], [[2, 3]], [[2, 3, 4]], [[2, 1, 3, 2]]])("reads shape %j, packed and not", async (shape) => {
    const values = count(shape.reduce((a, b) => a * b));
    for (const bytes of [idx(shape, values), zipped(idx(shape, values))]) {
      expect(await read(bytes)).toEqual({ shape, values: Uint8Array.from(values) });
    }
  });

  test("reads a packed file that arrives in many chunks", async () => {
    const values = Array.from({ length: 300_000 }, (_, i) => (i * i + (i >> 7)) & 255);
    expect((await read(zipped(idx([3, 100_000], values)))).values).toEqual(Uint8Array.from(values));
  });

  const good = idx([2, 3], count(6));
  const packed = zipped(
    idx(
      [50, 50],
      count(2500).map((i) => (i * 7919) & 255),
    ),
  );
  test.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ["nothing", new Uint8Array(), /^first bytes: .* expected an IDX file/],
    ["text", new TextEncoder().encode("x,y\n1,2\n"), /^first bytes/],
    ["a type that there is not", idx([2], [1, 2], 0x0a), /^element type: got the unknown type 0x0a, expected unsigned/],
    ["floats", idx([2], count(8), 0x0d), /^element type: got 32-bit floats, expected unsigned bytes/],
    ["no dimension", idx([], [1]), /^dimensions: got 0, expected 1 to 4/],
    ["five dimensions", idx([1, 1, 1, 1, 2], [1, 2]), /^dimensions: got 5, expected 1 to 4/],
    ["half a header", good.slice(0, 9), /^length: got 9 bytes, expected a header of 12/],
    ["no values", idx([0, 3], []), /^shape: got 0 × 3, expected 1 to/],
    ["a value too few", good.slice(0, -1), /^length: got 5 /],
    ["a value too many", idx([2, 3], count(7)), /^length: got .*, expected 6/],
    ["packed, a value too few", zipped(idx([50, 50], count(2499))), /^length: got 2499 values, expected 2500/],
    ["packed, a value too many", zipped(idx([50, 50], count(2501))), /^length: got more values .* expected 2500/],
    [
      "a product past 2^53",
      idx([2 ** 31, 2 ** 31, 2 ** 31], [1]),
      /^shape: got 2147483648 × .* expected 1 to 268435456/,
    ],
    [
      "a packed promise of 256 MB",
      zipped(idx([2 ** 28], count(100))),
      /^length: got \d+ packed bytes, expected 268435456/,
    ],
    ["a packed file cut short", packed.slice(0, -100), /^content: got damaged gzip data/],
    [
      "a packed file with flipped bits",
      packed.map((byte, i) => (i > 40 && i < 60 ? byte ^ 255 : byte)),
      /^(content|length)/,
    ],
  ])("refuses %s", async (_, bytes, message) => {
    const failure = await read(bytes).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DataError);
    expect((failure as DataError).message).toMatch(message);
  });
});

const images = (name: string, n: number, [height, width] = [2, 2]): IdxFile => ({
  name,
  array: { shape: [n, height!, width!], values: Uint8Array.from({ length: n * height! * width! }, (_, i) => i & 255) },
});
const labels = (name: string, n: number): IdxFile => ({
  name,
  array: { shape: [n], values: Uint8Array.from({ length: n }, (_, i) => i % 3) },
});

describe("assembleImages", () => {
  const [trainImages, trainLabels] = [images("train-images-idx3-ubyte.gz", 9), labels("train-labels-idx1-ubyte.gz", 9)];
  const [testImages, testLabels] = [images("t10k-images-idx3-ubyte.gz", 6), labels("t10k-labels-idx1-ubyte.gz", 6)];

  test("says which file is needed next", () => {
    expect(assembleImages([trainImages])).toEqual({
      missing: expect.stringContaining("labels next: train-labels-idx1-ubyte.gz."),
    });
    expect(assembleImages([testLabels])).toEqual({
      missing: expect.stringContaining("images next: t10k-images-idx3-ubyte.gz."),
    });
    expect(assembleImages([trainImages, testLabels])).toHaveProperty("missing");
  });

  test("makes the test files the test split, in whatever order the four come", () => {
    const four = [trainImages, trainLabels, testImages, testLabels];
    for (const files of [four, four.toReversed(), [testImages, trainLabels, trainImages, testLabels]]) {
      const assembled = assembleImages(files);
      expect(assembled).toMatchObject({ set: { name: trainImages.name, test: { name: testImages.name } } });
      expect((assembled as { set: ImageSet }).set.labels).toBe(trainLabels.array.values);
    }
  });

  test("takes test files alone as the data", () => {
    expect(assembleImages([testLabels, testImages])).toMatchObject({ set: { name: testImages.name } });
  });

  test("matches names that differ in being packed only, and other names by count", () => {
    expect(assembleImages([trainImages, labels("train-labels-idx1-ubyte", 9)])).toHaveProperty("set");
    expect(assembleImages([images("pictures.idx", 5), labels("classes.idx", 5)])).toHaveProperty("set");
    expect(assembleImages([images("pictures.idx", 5), labels("classes.idx", 4)])).toHaveProperty("missing");
  });

  test("asks for what belongs to new files, whatever is complete without them", () => {
    const pair = [trainImages, trainLabels];
    expect(assembleImages([...pair, testImages], [testImages])).toEqual({
      missing: expect.stringContaining("labels next: t10k-labels-idx1-ubyte.gz."),
    });
    expect(assembleImages([...pair, testImages, testLabels], [testLabels])).toMatchObject({
      set: { test: { name: testImages.name } },
    });
  });

  test("never takes the labels of other images for those of new ones", () => {
    const [first, others] = [images("pictures.idx", 5), images("others.idx", 5)];
    const classes = labels("classes.idx", 5);
    expect(assembleImages([first, classes, others], [others])).toHaveProperty("missing");
    expect(assembleImages([first, classes, others], [classes])).toMatchObject({ set: { name: first.name } });
  });

  test("refuses files that belong together by name and differ in count", () => {
    expect(() => assembleImages([trainImages, labels(trainLabels.name, 8)])).toThrow(
      "train-labels-idx1-ubyte.gz: got 8 labels, expected 9, one for each image of train-images-idx3-ubyte.gz.",
    );
  });

  test("leaves test images of another size out", () => {
    const { set } = assembleImages([trainImages, trainLabels, images(testImages.name, 6, [3, 3]), testLabels]) as {
      set: ImageSet;
    };
    expect(set.test).toBeUndefined();
  });
});

describe("opening files", () => {
  const bytesOf = ({ array: { shape, values } }: IdxFile) => idx(shape, [...values]);
  const fileOf = (part: IdxFile, name = part.name) => new File([zipped(bytesOf(part))], name);
  const train = [images("train-images-idx3-ubyte.gz", 9), labels("train-labels-idx1-ubyte.gz", 9)] as const;
  const test10k = [images("t10k-images-idx3-ubyte.gz", 6), labels("t10k-labels-idx1-ubyte.gz", 6)] as const;

  test("keeps images until their labels come", async () => {
    const first = await openFiles([fileOf(train[0])], []);
    expect(first.file).toBeUndefined();
    expect(first.missing).toContain("train-labels-idx1-ubyte.gz");
    const second = await openFiles([fileOf(train[1])], first.parts);
    expect(second).toMatchObject({ file: { name: train[0].name, pixels: train[0].array.values } });
    const third = await openFiles(
      test10k.map((part) => fileOf(part)),
      second.parts,
    );
    expect(third).toMatchObject({ file: { name: train[0].name, test: { name: test10k[0].name } } });
  });

  test("starts over with a file of a name that is there, so that two data sets never mix", async () => {
    const { parts } = await openFiles(
      [...train, ...test10k].map((part) => fileOf(part)),
      [],
    );
    expect(parts.length).toBe(4);
    const again = await openFiles([fileOf(train[0])], parts);
    expect(again).toMatchObject({ missing: expect.any(String), parts: [{ name: train[0].name }] });
  });

  test("reads a table where no name is that of an IDX file, and refuses both kinds together", async () => {
    const table = new File(["x,y\n1,a\n2,b\n"], "t.csv");
    expect(await openFiles([table], [])).toMatchObject({ file: { header: ["x", "y"] } });
    await expect(openFiles([table, fileOf(train[0])], [])).rejects.toThrow("expected files of one kind");
  });

  test("names the file that is wrong", async () => {
    await expect(openFiles([new File(["x,y"], "x.gz")], [])).rejects.toThrow(/^x\.gz: first bytes/);
    const flat = { name: "flat-idx2-ubyte", array: { shape: [2, 2], values: Uint8Array.of(1, 2, 3, 4) } };
    await expect(openFiles([fileOf(flat)], [])).rejects.toThrow(/^flat-idx2-ubyte: dimensions: got 2, expected 3/);
  });

  test("finds the labels and the test files beside the images that a path names", async () => {
    const folder = new Map([...train, ...test10k].map((part) => [part.name, fileOf(part)] as const));
    const find = async (name: string) => folder.get(name);
    expect(await openImages(train[0].name, find)).toMatchObject({
      name: train[0].name,
      test: { name: test10k[0].name },
    });
    expect((await openImages(test10k[0].name, find)).test).toBeUndefined();
    folder.delete(train[1].name);
    await expect(openImages(train[0].name, find)).rejects.toThrow("got no train-labels-idx1-ubyte.gz beside it");
  });
});

describe("prepareImages", () => {
  const fractions = { seed: 1, train: 0.6, validation: 0.2 };
  const set: ImageSet = {
    ...{ name: "train-images", size: { width: 2, height: 1 } },
    pixels: Uint8Array.from({ length: 80 }, (_, i) => (i * 37) & 255),
    labels: Uint8Array.from({ length: 40 }, (_, i) => i % 4),
  };

  test("scales bytes to [0, 1], keeps each image with its label, and splits by class", () => {
    const data = prepareImages(set, "", fractions);
    expect(data).toMatchObject({ task: "classification", inputWidth: 2, targetWidth: 1, outputs: 4, image: set.size });
    expect(Object.values(data.splits).map(({ count }) => count)).toEqual([24, 8, 8]);
    for (const { inputs, targets } of Object.values(data.splits)) {
      for (const [row, target] of targets.entries()) {
        const pixel = Math.round((inputs[2 * row] ?? Number.NaN) * 255);
        const source = count(40).find((i) => set.pixels[2 * i] === pixel);
        expect(set.labels[source!]).toBe(target);
        expect(inputs[2 * row + 1]).toBe(Math.fround(set.pixels[2 * source! + 1]! / 255));
      }
    }
  });

  test("with a test split of its own divides the training file between training and validation alone", () => {
    const test = { name: "t10k-images", pixels: Uint8Array.of(255, 0, 51, 102), labels: Uint8Array.of(3, 1) };
    const { splits } = prepareImages({ ...set, test }, "label", fractions);
    expect([splits.train.count, splits.validation.count]).toEqual([30, 10]);
    expect(splits.test).toEqual({
      count: 2,
      inputs: Float32Array.of(1, 0, Math.fround(0.2), Math.fround(0.4)),
      targets: Float32Array.of(3, 1),
    });
  });

  test("refuses a target that is not the labels", () => {
    expect(() => prepareImages(set, "species", fractions)).toThrow('target: got "species", expected "label"');
  });

  test("shows itself to the page as one column of classes and the size of its images", () => {
    const { rows, columns, target, image } = previewImages(set);
    expect([rows, target, image]).toEqual([40, "label", set.size]);
    expect(columns).toEqual([
      { name: "label", type: "categorical", missing: 0, distinct: 4, examples: ["0", "1", "2", "3"] },
    ]);
  });
});
