import type { Definition, Hyperparameters, ValuesOf } from "../lib/hyperparameters.ts";
import type { Random } from "../lib/random.ts";
import type { ImageSize } from "./images.ts";

/** What a model is asked for: one of several classes, or numbers. The loss must fit it. */
export type Task = "classification" | "regression";

/**
 * Examples as they are before splitting and standardising: N rows.
 * Both kinds of data, generated and read from a file, take this shape.
 */
export interface Examples {
  readonly task: Task;
  /** (N, I), row by row. */
  readonly inputs: Float32Array;
  /** Classification: (N) class numbers from 0. Regression: (N, O) numbers. */
  readonly targets: Float32Array;
  /** The I columns of `inputs`. */
  readonly featureNames: readonly string[];
  /** Classification: the C classes. Regression: the O targets. */
  readonly targetNames: readonly string[];
  /** Where the inputs are the pixels of images, from 0 (paper) to 1 (ink). */
  readonly image?: ImageSize;
}

/** A generated data set: a pure function from hyperparameters and a random stream to examples. */
export interface Dataset extends Definition {
  readonly description: string;
  readonly task: Task;
  readonly hyperparameters: Hyperparameters;
  /** How many classes a classification with these hyperparameters has. */
  classes?(values: never): number;
  sample(values: never, random: Random): Examples;
}

/** Checks a definition against `Dataset` while keeping its literal types, from which the config union is derived. */
export function defineDataset<const H extends Hyperparameters>(dataset: {
  readonly label: string;
  readonly description: string;
  readonly task: Task;
  readonly hyperparameters: H;
  classes?(values: ValuesOf<H>): number;
  sample(values: ValuesOf<H>, random: Random): Examples;
}): typeof dataset {
  return dataset;
}
