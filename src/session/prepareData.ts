import { type OpenedFile, prepareFile, previewFile } from "../data/files.ts";
import { withKept } from "../data/kept.ts";
import { withLabelNoise } from "../data/labelNoise.ts";
import { type PreparedData, prepareExamples } from "../data/prepare.ts";
import { DataError } from "../data/table.ts";
import { createRandom } from "../lib/random.ts";
import { memberOf } from "../lib/registry.ts";
import { type DataConfig, datasets } from "./config.ts";

/**
 * The examples that a configuration describes, drawn or out of a file that was read before, with its label noise, as
 * many of them as are kept; no target means the reader's proposal. Throws a `DataError` where there is no file yet, or the choices do not fit it.
 */
export const prepareData = (config: DataConfig, file: OpenedFile | undefined): PreparedData =>
  withKept(withLabelNoise(cleanData(config, file), config), config);

function cleanData(config: DataConfig, file: OpenedFile | undefined): PreparedData {
  if (config.kind !== "file") {
    const { sample } = memberOf(datasets, config.kind);
    // The configuration was checked against this data set's definition, so its values are the ones that it asks for.
    return prepareExamples(sample(config as never, createRandom(config.seed, "data")), config);
  }
  if (file === undefined) {
    throw new DataError(`data.path: got no file yet, expected "${config.path}". Open it, or drop it on the page.`);
  }
  const target = config.target === "" ? previewFile(file).target : config.target;
  return prepareFile(file, { ...config, target }, config);
}

/** `prepareData` that remembers the last result, for runs on the same data that differ in other things. */
export function createPreparer(): typeof prepareData {
  let last: { readonly key: string; readonly file: OpenedFile | undefined; readonly data: PreparedData } | undefined;
  return (config, file) => {
    // Input noise is drawn by the device at each step.
    const key = JSON.stringify({ ...config, inputNoise: 0 });
    if (last?.key === key && last.file === file) return last.data;
    // Two large data sets at once might not fit.
    last = undefined;
    const data = prepareData(config, file);
    last = { key, file, data };
    return data;
  };
}
