import { type OpenedFile, previewFile } from "../data/files.ts";
import type { TablePreview } from "../data/table.ts";
import type { DataConfig } from "./config.ts";

/** A file that was read, and what the page knows of it. */
export interface FileAtHand {
  readonly file: OpenedFile;
  readonly preview: TablePreview;
}

/** Bytes of files that stay at hand for who goes back to one, besides the newest and the one in use. */
const MOST_BYTES = 2 ** 28;
/** Bytes of a table's cell: a string of its own. */
const CELL_BYTES = 40;

const bytesOf = (file: OpenedFile): number =>
  "pixels" in file ? file.pixels.byteLength : CELL_BYTES * file.rows * file.header.length;

/**
 * The files at hand with a newly opened one at their end, in the place of one of the same name. Of the others those stay
 * for which there is room, newest first, and the one that `inUse` names in any case.
 */
export function withOpened(opened: readonly FileAtHand[], file: OpenedFile, inUse?: string): readonly FileAtHand[] {
  let room = MOST_BYTES;
  const kept = opened.toReversed().filter(({ preview, file: before }) => {
    if (preview.name === file.name) return false;
    room -= bytesOf(before);
    return room >= 0 || preview.name === inUse;
  });
  return [...kept.toReversed(), { file, preview: previewFile(file) }];
}

/** The file that a configuration names, if it is at hand. */
export const fileOf = (opened: readonly FileAtHand[], data: DataConfig): OpenedFile | undefined =>
  data.kind === "file" ? opened.find(({ preview }) => preview.name === data.path)?.file : undefined;
