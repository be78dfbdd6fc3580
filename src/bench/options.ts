import * as activations from "../engine/activations/index.ts";
import { shown, suggestion } from "../session/wording.ts";
import { type BenchDevice, benchDevices } from "./kinds.ts";

/** Training steps of a multilayer perceptron with cross-entropy and Adam, on rows that a random linear teacher labelled. */
export interface MlpOptions {
  readonly kind: "mlp";
  /** Inputs, hidden widths, classes. */
  readonly layers: readonly number[];
  /** After every layer but the last; any of the engine's. */
  readonly activation: string;
  readonly loss: "cross-entropy";
  readonly optimizer: "adam";
  readonly learningRate: number;
  readonly batchSize: number;
  /** A multiple of the batch size. */
  readonly examples: number;
  readonly device: BenchDevice;
  readonly precision: "f32";
  /** Steps before the first round, at least 1. */
  readonly warmupSteps: number;
  /** Per round. */
  readonly steps: number;
  readonly rounds: number;
}

export interface MlpResult {
  /** One per round. */
  readonly msPerStep: readonly number[];
  /** From the call to the first loss, without making the data. */
  readonly firstStepMs: number;
  /** After the warm-up and at the end of each round: the mean over the batch of the last step, before its update. */
  readonly loss: readonly number[];
  readonly parameters: number;
  readonly dispatchesPerStep: number;
  readonly threads?: number;
  readonly adapter?: string;
}

/** Products (m, k) · (k, n) of random matrices, where a transposed factor is stored as (k, m) or (n, k). */
export interface MatmulOptions {
  readonly kind: "matmul";
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly device: BenchDevice;
  readonly precision: "f32";
  readonly rounds: number;
}

export interface MatmulResult {
  /** Per product, one number per round. */
  readonly ms: readonly number[];
  /** 2 m n k / ms / 1e6 */
  readonly gflops: readonly number[];
}

export type BenchmarkOptions = MlpOptions | MatmulOptions;
export type BenchmarkResult<O extends BenchmarkOptions = BenchmarkOptions> = O extends MlpOptions
  ? MlpResult
  : MatmulResult;

/** Options that the benchmark cannot serve. The message starts with the option's name. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

type Check = (name: string, value: unknown) => void;

const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (name, value) => {
    if (allowed.includes(value)) return;
    const expected = allowed.map(shown).join(", ");
    throw new OptionError(
      `${name}: got ${shown(value)}, expected one of ${expected}${suggestion(value, allowed.map(String))}.`,
    );
  };

const count: Check = (name, value) => {
  if (Number.isSafeInteger(value) && Number(value) >= 1) return;
  throw new OptionError(`${name}: got ${shown(value)}, expected a positive integer.`);
};

const rate: Check = (name, value) => {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return;
  throw new OptionError(`${name}: got ${shown(value)}, expected a number that is not negative.`);
};

const widths: Check = (name, value) => {
  if (!Array.isArray(value) || value.length < 2) {
    throw new OptionError(`${name}: got ${shown(value)}, expected a list of inputs, hidden widths and classes.`);
  }
  value.forEach((width, index) => {
    count(`${name}[${index}]`, width);
  });
};

const checks: Readonly<Record<BenchmarkOptions["kind"], Readonly<Record<string, Check>>>> = {
  mlp: {
    layers: widths,
    activation: oneOf(...Object.keys(activations)),
    loss: oneOf("cross-entropy"),
    optimizer: oneOf("adam"),
    learningRate: rate,
    batchSize: count,
    examples: count,
    device: oneOf(...benchDevices),
    precision: oneOf("f32"),
    warmupSteps: count,
    steps: count,
    rounds: count,
  },
  matmul: {
    m: count,
    n: count,
    k: count,
    transposeA: oneOf(undefined, false, true),
    transposeB: oneOf(undefined, false, true),
    device: oneOf(...benchDevices),
    precision: oneOf("f32"),
    rounds: count,
  },
};

const kinds = Object.keys(checks);

/** Checks what a page or a script asked for. Throws an `OptionError` that names the first option that is wrong. */
export function checkOptions(given: unknown): BenchmarkOptions {
  if (typeof given !== "object" || given === null) {
    throw new OptionError(`options: got ${shown(given)}, expected an object with kind ${kinds.join(" or ")}.`);
  }
  const values = given as Readonly<Record<string, unknown>>;
  oneOf(...kinds)("kind", values.kind);
  const options = given as BenchmarkOptions;
  for (const [name, check] of Object.entries(checks[options.kind])) check(name, values[name]);
  if (options.kind === "mlp" && options.examples % options.batchSize !== 0) {
    throw new OptionError(
      `examples: got ${options.examples}, expected a multiple of the batch size ${options.batchSize}.`,
    );
  }
  if (options.kind === "matmul" && options.transposeA === true && options.transposeB === true) {
    throw new OptionError(
      "transposeB: got true, expected false where transposeA is true. Training needs no such product.",
    );
  }
  return options;
}
