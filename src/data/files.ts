import { preview } from "./columns.ts";
import { isIdxName, readIdx } from "./idx.ts";
import { assembleImages, expectImagesOrLabels, type IdxFile, labelsNameOf, testNameOf } from "./imageFiles.ts";
import { type ImageSet, prepareImages, previewImages } from "./images.ts";
import { type PreparedData, prepareTable } from "./prepare.ts";
import type { SplitFractions } from "./split.ts";
import { DataError, type Table, type TableChoices, type TablePreview } from "./table.ts";

/** What an opened file holds: a table, or images. */
export type OpenedFile = Table | ImageSet;

const isImageSet = (file: OpenedFile): file is ImageSet => "pixels" in file;

/** What the page shows of an opened file. */
export const previewFile = (file: OpenedFile): TablePreview => (isImageSet(file) ? previewImages(file) : preview(file));

/** Makes examples of an opened file. Throws a `DataError`. */
export const prepareFile = (file: OpenedFile, choices: TableChoices, fractions: SplitFractions): PreparedData =>
  isImageSet(file) ? prepareImages(file, choices.target, fractions) : prepareTable(file, choices, fractions);

/** What comes of opening files. */
export interface Opened {
  /** What can be trained on now. */
  readonly file?: OpenedFile;
  /** In words, which file is needed besides. */
  readonly missing?: string;
  /** IDX files so far: what is opened next may belong to them. */
  readonly parts: readonly IdxFile[];
}

/** Bytes under a name, such as a `File`. */
export interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/** Reads, and says of which file an error is. */
async function named<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof DataError ? new DataError(`${name}: ${error.message}`) : error;
  }
}

const readPart = ({ name, blob }: NamedBlob): Promise<IdxFile> =>
  named(name, async () => {
    const part = { name, array: await readIdx(blob) };
    expectImagesOrLabels(part);
    return part;
  });

/**
 * Reads files that the user opened together: one CSV file, or IDX files of images and labels, which may also come one
 * after the other. A file of a name that is there already starts over.
 *
 * @param parts IDX files that were opened before.
 * @throws DataError that names what is wrong.
 */
export async function openFiles(files: readonly File[], parts: readonly IdxFile[]): Promise<Opened> {
  const [first] = files;
  if (first === undefined) throw new DataError("files: got none, expected at least one. Choose a file.");
  const images = files.filter(({ name }) => isIdxName(name));
  if (images.length === 0) {
    // The parser is as large as much of the rest, and few visits open a table.
    const { parseTable } = await import("./csv.ts");
    return { file: await named(first.name, () => parseTable(first)), parts };
  }
  if (images.length < files.length) {
    throw new DataError("files: got images and others together, expected files of one kind. Open them one by one.");
  }
  const read: IdxFile[] = [];
  for (const file of images) read.push(await readPart({ name: file.name, blob: file }));
  const known = new Set(parts.map(({ name }) => name));
  const all = [...(read.some(({ name }) => known.has(name)) ? [] : parts), ...read];
  const assembled = assembleImages(all, read);
  return "set" in assembled ? { file: assembled.set, parts: all } : { missing: assembled.missing, parts: all };
}

/**
 * Reads the images that one path names, with the files beside it: their labels, and the test files where there are any.
 *
 * @param name of the file of images.
 * @param find the file of a name in the same folder, or nothing where there is none.
 * @throws DataError that names the file that is missing or wrong.
 */
export async function openImages(name: string, find: (name: string) => Promise<Blob | undefined>): Promise<ImageSet> {
  const testImages = testNameOf(name);
  const others = testImages === undefined ? [] : [testImages, labelsNameOf(testImages)];
  const parts: IdxFile[] = [];
  for (const wanted of new Set([name, labelsNameOf(name), ...others])) {
    const blob = await find(wanted);
    if (blob !== undefined) parts.push(await readPart({ name: wanted, blob }));
  }
  const assembled = assembleImages(parts);
  if ("set" in assembled && assembled.set.name === name) return assembled.set;
  throw new DataError(`${name}: got no ${labelsNameOf(name)} beside it, expected its labels there. Put both together.`);
}
