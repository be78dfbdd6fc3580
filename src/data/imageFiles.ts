import type { IdxArray } from "./idx.ts";
import type { ImageSet, ImageSize, LabelledImages } from "./images.ts";
import { DataError } from "./table.ts";

/** An IDX file that was read: images where it has three dimensions, labels where it has one. */
export interface IdxFile {
  readonly name: string;
  readonly array: IdxArray;
}

/** What some files make together, or which one is needed next. */
export type Assembled = { readonly set: ImageSet } | { readonly missing: string };

/** Refuses an array that holds neither images nor labels. */
export function expectImagesOrLabels({ array: { shape } }: IdxFile): void {
  if (shape.length === 1 || shape.length === 3) return;
  throw new DataError(
    `dimensions: got ${shape.length}, expected 3 (images, rows, columns) or 1 (labels). Save grey images.`,
  );
}

/** The name of the file with the labels of a file of images: `train-images-idx3-ubyte.gz` to `train-labels-idx1-…`. */
export const labelsNameOf = (images: string): string => images.replace("images", "labels").replace("idx3", "idx1");
/** The other way round. */
export const imagesNameOf = (labels: string): string => labels.replace("labels", "images").replace("idx1", "idx3");
/** The name of the test files beside training files; none where a name does not say that it is about training. */
export const testNameOf = (train: string): string | undefined =>
  train.includes("train") ? train.replace("train", "t10k") : undefined;

const isTest = (name: string): boolean => /t10k|test/i.test(name);
const isImages = ({ array }: IdxFile): boolean => array.shape.length === 3;
/** Names of files that differ in being packed only are the same. */
const stem = (name: string): string => name.replace(/\.gz$/i, "");
const sizeOf = ({ array: { shape } }: IdxFile): ImageSize => ({ height: shape[1] ?? 0, width: shape[2] ?? 0 });

interface Pair extends LabelledImages {
  readonly name: string;
  readonly size: ImageSize;
}

/** The labels of some images: by name, else the only ones that nobody else claims or has. */
function partnerOf(images: IdxFile, files: readonly IdxFile[], taken: readonly IdxFile[]): IdxFile | undefined {
  const labels = files.filter((file) => !isImages(file));
  const named = labels.find(({ name }) => stem(name) === stem(labelsNameOf(images.name)));
  if (named !== undefined) return named;
  const claimed = new Set(files.filter(isImages).map(({ name }) => stem(labelsNameOf(name))));
  const free = labels.filter((file) => !claimed.has(stem(file.name)) && !taken.includes(file));
  return free.length === 1 && free[0]?.array.shape[0] === images.array.shape[0] ? free[0] : undefined;
}

/** All images that have labels, with them. */
function partnersOf(files: readonly IdxFile[]): readonly (readonly [images: IdxFile, labels: IdxFile])[] {
  const pairs: [IdxFile, IdxFile][] = [];
  for (const images of files.filter(isImages)) {
    const labels = partnerOf(images, files, pairs.flat());
    if (labels !== undefined) pairs.push([images, labels]);
  }
  return pairs;
}

function pairOf(images: IdxFile, labels: IdxFile): Pair {
  const [count, found] = [images.array.shape[0], labels.array.shape[0]];
  if (count !== found) {
    const expected = `expected ${count}, one for each image of ${images.name}`;
    throw new DataError(`${labels.name}: got ${found} labels, ${expected}. Open the files that belong together.`);
  }
  return { name: images.name, size: sizeOf(images), pixels: images.array.values, labels: labels.array.values };
}

function missingFrom(files: readonly IdxFile[]): string {
  const images = files.findLast(isImages);
  if (images !== undefined) {
    const { width, height } = sizeOf(images);
    const holds = `${images.array.shape[0]} images of ${width} × ${height} pixels`;
    return `${images.name} holds ${holds}. Open their labels next: ${labelsNameOf(images.name)}.`;
  }
  const labels = files.at(-1);
  const name = labels?.name ?? "";
  return `${name} holds ${labels?.array.shape[0]} labels. Open their images next: ${imagesNameOf(name)}.`;
}

/**
 * Puts images and labels together, matched by their names and counts. A pair named as a test set (`t10k`, `test`)
 * beside another of the same image size becomes the test split; alone it is the data.
 *
 * @param files in the order in which they were opened; the last complete pair counts.
 * @param newest those of them that were opened just now; where none of them is in a pair, more are needed.
 * @throws DataError when files that belong together by name do not fit.
 */
export function assembleImages(files: readonly IdxFile[], newest: readonly IdxFile[] = files): Assembled {
  const partners = partnersOf(files);
  if (!partners.flat().some((file) => newest.includes(file))) return { missing: missingFrom(newest) };
  const pairs = partners.map(([images, labels]) => pairOf(images, labels));
  const main = pairs.findLast(({ name }) => !isTest(name)) ?? pairs.at(-1);
  if (main === undefined) return { missing: missingFrom(newest) };
  const { width, height } = main.size;
  const test = pairs.findLast(
    (pair) => pair !== main && isTest(pair.name) && pair.size.width === width && pair.size.height === height,
  );
  return { set: { ...main, ...(test && { test }) } };
}
