import { type OpenedFile, previewFile } from "../data/files.ts";
import type { TablePreview } from "../data/table.ts";
import type { DataConfig } from "./config.ts";

/** A file that was read, and what the page knows of it. */
export interface FileAtHand {
  readonly file: OpenedFile;
  readonly preview: TablePreview;
}

/** So many files stay at hand, for who goes back to one; each may take half a gigabyte. */
const MOST = 4;

/** The files at hand with a newly opened one at their end, in the place of one of the same name. */
export const withOpened = (opened: readonly FileAtHand[], file: OpenedFile): readonly FileAtHand[] =>
  [...opened.filter(({ preview }) => preview.name !== file.name), { file, preview: previewFile(file) }].slice(-MOST);

/** The file that a configuration names, if it is at hand. */
export const fileOf = (opened: readonly FileAtHand[], data: DataConfig): OpenedFile | undefined =>
  data.kind === "file" ? opened.find(({ preview }) => preview.name === data.path)?.file : undefined;
