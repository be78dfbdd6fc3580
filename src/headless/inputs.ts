import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseTable } from "../data/csv.ts";
import { openImages } from "../data/files.ts";
import { isIdxName, MAX_VALUES } from "../data/idx.ts";
import type { PreparedData } from "../data/prepare.ts";
import { DataError } from "../data/table.ts";
import { parseConfig } from "../session/check.ts";
import type { DataConfig, FileData, RunConfig } from "../session/config.ts";
import { prepareData } from "../session/prepareData.ts";
import { readSafetensors, SafetensorsError, type TensorValues } from "../session/safetensors.ts";
import { shown } from "../session/wording.ts";
import { InputError } from "./options.ts";

/** Largest configuration and largest file of weights that are read, in bytes. */
const MAX_CONFIG = 2 ** 20;
const MAX_WEIGHTS = 2 ** 31;
const PROBLEMS_SHOWN = 3;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "no permission",
  EPERM: "no permission",
  EISDIR: "a folder",
  ENOTDIR: "no such file",
  ENAMETOOLONG: "too long a name",
};

/** What the operating system says about a file, in words. */
export const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? String(error instanceof Error ? error.message : error);
};

/** Checks that a path is a file that can be read. */
async function expectFile(subject: string, path: string, most: number): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw new InputError(`${subject}: got ${shown(path)}, ${reasonOf(error)}; expected a file that can be read.`);
  });
  if (!found.isFile())
    throw new InputError(`${subject}: got ${shown(path)}, no file; expected a file that can be read.`);
  if (found.size > most) throw new InputError(`${subject}: got ${found.size} bytes, expected at most ${most}.`);
}

async function bytesOf(subject: string, path: string, most: number): Promise<Uint8Array> {
  await expectFile(subject, path, most);
  return readFile(path).catch((error: unknown) => {
    throw new InputError(`${subject}: got ${shown(path)}, ${reasonOf(error)}; expected a file that can be read.`);
  });
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError("configuration: got bytes that are no UTF-8 text, expected JSON in UTF-8.");
  }
}

/** Reads and checks a configuration. Throws an `InputError` that names the fields that do not hold. */
export async function loadConfig(path: string): Promise<RunConfig> {
  const checked = parseConfig(textOf(await bytesOf("configuration", path, MAX_CONFIG)));
  if (checked.ok) return checked.config;
  const more = checked.problems.length - PROBLEMS_SHOWN;
  const shownProblems = checked.problems.slice(0, PROBLEMS_SHOWN).join(" ");
  throw new InputError(more > 0 ? `${shownProblems} (And ${more} more.)` : shownProblems);
}

/** A file in the folder of another one; nothing where there is none that can be read. */
const fileBeside = (path: string, name: string): Promise<Blob | undefined> =>
  readFile(join(dirname(path), name)).then(
    (bytes) => new Blob([bytes]),
    () => undefined,
  );

async function loadFile(data: FileData & DataConfig, folder: string): Promise<PreparedData> {
  const path = resolve(folder, data.path);
  await expectFile("data.path", path, isIdxName(path) ? MAX_VALUES : Number.POSITIVE_INFINITY);
  if (isIdxName(path)) return prepareData(data, await openImages(basename(path), (name) => fileBeside(path, name)));
  const table = await parseTable(createReadStream(path), basename(path)).catch((error: unknown) => {
    const message = error instanceof DataError ? error.message : reasonOf(error);
    throw new InputError(`data.path: got ${shown(data.path)}, whose ${message}`);
  });
  return prepareData(data, table);
}

/**
 * Draws or reads the examples that a configuration asks for.
 *
 * @param folder that a relative `data.path` starts from: the configuration's.
 * @throws InputError that names the field.
 */
export async function loadData({ data }: RunConfig, folder: string): Promise<PreparedData> {
  try {
    return data.kind === "file" ? await loadFile(data, folder) : prepareData(data, undefined);
  } catch (error) {
    if (error instanceof DataError) throw new InputError(`data: ${error.message}`);
    throw error;
  }
}

/** Reads weights. Throws an `InputError` that names the file and the tensor. */
export async function loadWeights(path: string): Promise<ReadonlyMap<string, TensorValues>> {
  const bytes = await bytesOf("--init", path, MAX_WEIGHTS);
  try {
    return readSafetensors(bytes).tensors;
  } catch (error) {
    if (error instanceof SafetensorsError) throw new InputError(`--init: ${error.message}`);
    throw error;
  }
}

/** The folder that a configuration's relative paths start from. */
export const folderOf = (path: string): string => dirname(resolve(path));
