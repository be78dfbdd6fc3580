import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { shown } from "../session/wording.ts";
import { reasonOf } from "./inputs.ts";
import { InputError } from "./options.ts";

/** A file that appears under its name only when it is complete. */
export interface StagedFile {
  write(content: string | Uint8Array): Promise<void>;
  /** Gives the file its name; a file of that name is replaced. */
  commit(): Promise<void>;
  /** Leaves no trace; harmless after `commit`. */
  discard(): Promise<void>;
}

/** Opens a file for writing beside the place where it will stand, under a name of its own. */
export async function stage(subject: string, path: string): Promise<StagedFile> {
  const refuse = (reason: string): never => {
    throw new InputError(`${subject}: got ${shown(path)}, ${reason}; expected a path that can be written.`);
  };
  // Only a plain file can be replaced by a rename without surprise.
  const present = await stat(path).catch(() => undefined);
  if (present !== undefined && !present.isFile()) refuse(present.isDirectory() ? "a folder" : "no plain file");
  const temporary = `${path}.${process.pid}.partial`;
  let handle: FileHandle | undefined = await open(temporary, "wx").catch((error: unknown) => refuse(reasonOf(error)));
  const close = async () => {
    await handle?.close();
    handle = undefined;
  };
  return {
    write: async (content) => {
      await handle?.writeFile(content);
    },
    commit: async () => {
      await close();
      await rename(temporary, path);
    },
    discard: async () => {
      await close();
      await rm(temporary, { force: true });
    },
  };
}
