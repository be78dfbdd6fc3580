import type { RunConfig } from "./config.ts";
import { fieldThatNeedsProgram } from "./runShape.ts";

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a compiled program with its data is made for, and takes no other values of. */
const workOf = ({ model, data, compute }: RunConfig) => ({
  model: { ...model, dropout: 0 },
  data: { ...data, inputNoise: 0 },
  compute,
});

/** Whether a program that was compiled for one configuration, with its data, can go on with another. */
export const sameWork = (compiled: RunConfig, after: RunConfig): boolean =>
  same(workOf(compiled), workOf(after)) && fieldThatNeedsProgram(compiled, after) === undefined;

/** What makes a run another run. */
export interface Difference {
  /** In words that can be the subject of a sentence. */
  readonly label: string;
  /** Whether the weights that were learned so far may be of use there. */
  readonly canBranch: boolean;
}

interface Choice extends Difference {
  readonly of: (config: RunConfig) => unknown;
}

/** Data of a file as far as the examples themselves go; generated data may have another size, shape and noise. */
const examplesOf = ({ data }: RunConfig) =>
  data.kind === "file" ? { ...data, kept: 1, labelNoise: 0, inputNoise: 0 } : data.kind;

const choices: readonly Choice[] = [
  { label: "Other data", canBranch: true, of: examplesOf },
  { label: "Another seed of the data", canBranch: true, of: ({ data }) => data.seed },
  { label: "Another split of the data", canBranch: true, of: ({ data }) => [data.train, data.validation] },
  { label: "Another network", canBranch: true, of: ({ model }) => model.layers },
  { label: "Another start", canBranch: false, of: ({ model }) => [model.initializer, model.seed] },
  { label: "Another loss", canBranch: true, of: ({ loss }) => loss.kind },
  { label: "Another optimizer", canBranch: true, of: ({ optimizer }) => optimizer.kind },
  { label: "Another batch size", canBranch: true, of: ({ compute }) => [compute.batchSize, compute.accumulation] },
  { label: "Another precision", canBranch: true, of: ({ compute }) => compute.precision },
  { label: "Another way to compute", canBranch: true, of: ({ compute }) => compute },
];

/**
 * What makes another run of a changed configuration: data of another kind, another network, batch size or precision.
 * `undefined` where the run goes on with all that changed, from its next step: numbers of the optimizer and the loss,
 * dropout, the size and noise of generated data, limits.
 */
export const whatNeedsRun = (before: RunConfig, after: RunConfig): Difference | undefined =>
  choices.find(({ of }) => !same(of(before), of(after)));
