import { formatCounted } from "../lib/format.ts";
import { listed, type ResolvedChoices, resolveChoices, usableRows } from "./choices.ts";
import type { Examples, Task } from "./dataset.ts";
import {
  cellsOf,
  type Encoder,
  encodeFeature,
  numbersOf,
  rounded,
  type Scale,
  scaleOf,
  standardise,
} from "./encode.ts";
import type { ImageSize } from "./images.ts";
import { type SplitFractions, type SplitName, type SplitRows, splitRows } from "./split.ts";
import { DataError, type Table, type TableChoices } from "./table.ts";

/** The examples of one split, in the order of their source. */
export interface SplitExamples {
  /** N of this split. */
  readonly count: number;
  /** (N, I) */
  readonly inputs: Float32Array;
  /** Classification: (N) class numbers. Regression: (N, O). */
  readonly targets: Float32Array;
}

/** What a run trains on: split, encoded, ready to upload. */
export interface PreparedData {
  readonly task: Task;
  /** I: numbers per example. */
  readonly inputWidth: number;
  /** Numbers per example in `targets`: 1 for class labels, else O. */
  readonly targetWidth: number;
  /** Outputs that the model needs: C classes, or O targets. */
  readonly outputs: number;
  /** One per input. */
  readonly featureNames: readonly string[];
  /** One per output. */
  readonly targetNames: readonly string[];
  readonly splits: Readonly<Record<SplitName, SplitExamples>>;
  /** Of the training split (N, …), before noise was put on its labels, where there is some. */
  readonly cleanTargets?: Float32Array;
  /** Where targets are standardised: raw = standardised * standardDeviation + mean. */
  readonly targetScale?: Scale;
  /** Where the inputs are the pixels of images, from 0 (paper) to 1 (ink). */
  readonly image?: ImageSize;
  /** What was done to the data, in sentences for the page. */
  readonly notes: readonly string[];
}

const MAX_CLASSES = 1000;
/** Most inputs over all examples: 1 GiB of float32. */
const MAX_INPUTS = 2 ** 28;

function forSplits(rows: SplitRows, make: (rows: Uint32Array) => SplitExamples): PreparedData["splits"] {
  return { train: make(rows.train), validation: make(rows.validation), test: make(rows.test) };
}

function gather(source: Float32Array, width: number, rows: Uint32Array): Float32Array {
  const out = new Float32Array(rows.length * width);
  let at = 0;
  for (const row of rows) {
    out.set(source.subarray(row * width, (row + 1) * width), at);
    at += width;
  }
  return out;
}

/**
 * Splits generated examples; numbers stay as they are. Classification is stratified.
 *
 * @throws DataError when the fractions are none, or leave nothing to train on.
 */
export function prepareExamples(examples: Examples, fractions: SplitFractions): PreparedData {
  const { task, inputs, targets, featureNames, targetNames, image } = examples;
  const inputWidth = featureNames.length;
  const targetWidth = task === "classification" ? 1 : targetNames.length;
  const labels = task === "classification" ? targets : undefined;
  const splits = forSplits(splitRows(targets.length / targetWidth, fractions, labels), (rows) => ({
    count: rows.length,
    inputs: gather(inputs, inputWidth, rows),
    targets: gather(targets, targetWidth, rows),
  }));
  const names = { featureNames, targetNames, outputs: targetNames.length };
  return { task, inputWidth, targetWidth, ...names, splits, ...(image && { image }), notes: [] };
}

/** Class names by first occurrence, and the number of each cell's class. */
function classesOf(
  name: string,
  cells: readonly string[],
): { readonly names: readonly string[]; readonly labels: Float32Array } {
  const numbers = new Map<string, number>();
  const labels = Float32Array.from(cells, (cell) => {
    const label = numbers.get(cell) ?? numbers.size;
    numbers.set(cell, label);
    return label;
  });
  if (numbers.size < 2 || numbers.size > MAX_CLASSES) {
    const remedy = numbers.size < 2 ? "Choose another target." : "Choose another target, or set its type to numeric.";
    throw new DataError(`target "${name}": got ${numbers.size} classes, expected 2 to ${MAX_CLASSES}. ${remedy}`);
  }
  return { names: [...numbers.keys()], labels };
}

interface EncodedTarget {
  readonly names: readonly string[];
  readonly split: SplitRows;
  /** One number per used row. */
  readonly values: Float32Array;
  readonly scale?: Scale;
  readonly notes: readonly string[];
}

function encodeTarget(
  table: Table,
  { task, target }: ResolvedChoices,
  rows: Uint32Array,
  fractions: SplitFractions,
): EncodedTarget {
  if (task === "classification") {
    const { names, labels } = classesOf(target.name, cellsOf(table, target, rows));
    return { names, split: splitRows(rows.length, fractions, labels), values: labels, notes: [] };
  }
  const numbers = numbersOf(table, target, rows);
  const split = splitRows(rows.length, fractions);
  const scale = scaleOf(numbers, split.train);
  const values = Float32Array.from(numbers, (value) => standardise(value, scale));
  const units = `mean ${rounded(scale.mean)}, standard deviation ${rounded(scale.standardDeviation)}`;
  const note = `Target ${target.name} standardised over the training split (${units}); losses are in these units.`;
  return { names: [target.name], split, values, scale, notes: [note] };
}

function encodeRows(encoders: readonly Encoder[], inputWidth: number, rows: Uint32Array): Float32Array {
  const inputs = new Float32Array(rows.length * inputWidth);
  let offset = 0;
  for (const encoder of encoders) {
    let at = offset;
    for (const row of rows) {
      encoder.write(row, inputs, at);
      at += inputWidth;
    }
    offset += encoder.names.length;
  }
  return inputs;
}

function checkInputWidth(inputWidth: number, rows: number): void {
  if (inputWidth >= 1 && inputWidth * rows <= MAX_INPUTS) return;
  const got = `got ${inputWidth} inputs for each of ${rows} rows`;
  const remedy = "Correct the types of the columns.";
  throw new DataError(`features: ${got}, expected at least 1 and at most ${MAX_INPUTS} numbers in all. ${remedy}`);
}

function notesOn({ features, ignored }: ResolvedChoices, encoders: readonly Encoder[]): string[] {
  const notes = encoders.flatMap((encoder) => encoder.notes);
  const numeric = features.filter(({ type }) => type === "numeric").length;
  if (numeric > 0) notes.push(`${formatCounted(numeric, "numeric feature")} standardised over the training split.`);
  if (ignored.length > 0) notes.push(`Columns not used: ${listed(ignored)}.`);
  return notes;
}

/**
 * Makes examples of a table. Numeric features are standardised and missing cells filled with statistics of the training
 * split alone, so nothing of the validation and test splits leaks into training; categorical features get one input per
 * value. A categorical target makes it classification, a numeric one regression on the standardised target.
 *
 * @throws DataError that names the column, what was got and what is allowed.
 */
export function prepareTable(table: Table, choices: TableChoices, fractions: SplitFractions): PreparedData {
  const resolved = resolveChoices(table, choices);
  const { rows, notes } = usableRows(table, resolved, choices.missing);
  const target = encodeTarget(table, resolved, rows, fractions);
  const encoders = resolved.features.map((column) => encodeFeature(table, column, rows, target.split.train));
  const featureNames = encoders.flatMap((encoder) => encoder.names);
  const inputWidth = featureNames.length;
  checkInputWidth(inputWidth, rows.length);
  const splits = forSplits(target.split, (part) => ({
    count: part.length,
    inputs: encodeRows(encoders, inputWidth, part),
    targets: gather(target.values, 1, part),
  }));
  return {
    task: resolved.task,
    inputWidth,
    targetWidth: 1,
    outputs: target.names.length,
    featureNames,
    targetNames: target.names,
    splits,
    ...(target.scale === undefined ? {} : { targetScale: target.scale }),
    notes: [...notes, ...notesOn(resolved, encoders), ...target.notes],
  };
}
