import type { PreparedData, SplitExamples } from "./prepare.ts";
import { type SplitFractions, splitRows } from "./split.ts";
import { DataError, type TablePreview } from "./table.ts";

/** Pixels of an image. Images are grey: one number per pixel, row by row from the top. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Images and their classes, as a pair of files gives them. */
export interface LabelledImages {
  /** (N, height, width), 0 to 255. */
  readonly pixels: Uint8Array;
  /** (N) class numbers from 0. */
  readonly labels: Uint8Array;
}

/** Opened files of images: what stands for `data.kind: "file"` where the file is no table. */
export interface ImageSet extends LabelledImages {
  /** The name of the file with the images. */
  readonly name: string;
  readonly size: ImageSize;
  /** A test split of its own, where there is one. */
  readonly test?: LabelledImages & { readonly name: string };
}

/** What a configuration calls the classes of images. */
export const LABEL_COLUMN = "label";

const PREVIEW_VALUES = 6;

/** Names of the inputs, one per pixel. */
export const pixelNames = ({ width, height }: ImageSize): string[] =>
  Array.from({ length: width * height }, (_, pixel) => `row ${Math.floor(pixel / width)}, column ${pixel % width}`);

/** How many classes the labels ask for: all numbers up to the largest. */
function classCount({ labels, test }: ImageSet): number {
  let most = 1;
  for (const label of labels) most = Math.max(most, label);
  for (const label of test?.labels ?? []) most = Math.max(most, label);
  return most + 1;
}

/** Images as the page shows an opened file: one column of classes, and the size of the images. */
export function previewImages(set: ImageSet): TablePreview {
  const present = [...new Set(set.labels)].sort((a, b) => a - b);
  const examples = present.slice(0, PREVIEW_VALUES).map(String);
  const column = { name: LABEL_COLUMN, type: "categorical", missing: 0, distinct: present.length, examples } as const;
  const head: TablePreview["head"] = [];
  return { name: set.name, rows: set.labels.length, columns: [column], head, target: LABEL_COLUMN, image: set.size };
}

function examplesAt({ pixels, labels }: LabelledImages, width: number, rows: ArrayLike<number>): SplitExamples {
  const inputs = new Float32Array(rows.length * width);
  const targets = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    const from = row * width;
    const to = at * width;
    for (let pixel = 0; pixel < width; pixel++) inputs[to + pixel] = (pixels[from + pixel] as number) / 255;
    targets[at] = labels[row] as number;
  }
  return { count: rows.length, inputs, targets };
}

/**
 * Splits images, stratified by class, and scales their pixels to [0, 1]. Where the files bring a test split of their
 * own, the training file is divided between training and validation alone, in the proportion of their fractions.
 *
 * @param target what the configuration names as target: the labels, or nothing.
 * @throws DataError when the target is another one, or when the fractions leave nothing to train on.
 */
export function prepareImages(set: ImageSet, target: string, fractions: SplitFractions): PreparedData {
  if (target !== "" && target !== LABEL_COLUMN) {
    throw new DataError(
      `target: got "${target}", expected "${LABEL_COLUMN}", as images have no columns. Leave it out.`,
    );
  }
  const { size, test, labels } = set;
  const width = size.width * size.height;
  const classes = classCount(set);
  const { seed, train, validation } = fractions;
  const whole = train + validation;
  const shares = test === undefined ? fractions : { seed, train: train / whole, validation: validation / whole };
  const rows = splitRows(labels.length, shares, labels);
  const notes = [`Pixels of ${size.width} × ${size.height} scaled to 0 to 1.`];
  if (test !== undefined) notes.push(`Test split: the images of ${test.name}.`);
  return {
    task: "classification",
    inputWidth: width,
    targetWidth: 1,
    outputs: classes,
    featureNames: pixelNames(size),
    targetNames: Array.from({ length: classes }, (_, label) => String(label)),
    splits: {
      train: examplesAt(set, width, rows.train),
      validation: examplesAt(set, width, rows.validation),
      test:
        test === undefined
          ? examplesAt(set, width, rows.test)
          : examplesAt(
              test,
              width,
              Uint32Array.from(test.labels, (_, row) => row),
            ),
    },
    image: size,
    notes,
  };
}
