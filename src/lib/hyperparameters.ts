/**
 * A tunable setting, described once: the config type, the validation, the control on the page, the URL and the JSON
 * schema are all derived from this description.
 */
export type Hyperparameter = NumberParameter | BooleanParameter | ChoiceParameter | NumbersParameter;

interface Described {
  readonly label: string;
  readonly help?: string;
  /** A change needs a new program, so it cannot be made while the run goes on. */
  readonly structural?: true;
}

export interface NumberParameter extends Described {
  readonly kind: "number";
  /** The letter that papers use, shown beside the label. */
  readonly symbol?: string;
  readonly default: number;
  /** Smallest and largest allowed value, both included. */
  readonly min: number;
  readonly max: number;
  /** What the slider covers where that is less than what may be typed. On a log scale with min 0, its left end is 0. */
  readonly slider?: readonly [low: number, high: number];
  readonly scale: "linear" | "log";
  readonly integer?: true;
  /** A learning rate besides `learningRate`: the schedule multiplies both. */
  readonly scheduled?: true;
}

export interface BooleanParameter extends Described {
  readonly kind: "boolean";
  readonly default: boolean;
}

export interface ChoiceParameter extends Described {
  readonly kind: "choice";
  readonly default: string;
  /** Value to label, in menu order. */
  readonly options: Readonly<Record<string, string>>;
}

/** A list of numbers, at most `MAX_NUMBERS` long. */
export interface NumbersParameter extends Described {
  readonly kind: "numbers";
  readonly default: readonly number[];
  /** Smallest and largest allowed value of each, both included. */
  readonly min: number;
  readonly max: number;
}

/** Longest list of a `numbers` parameter. */
export const MAX_NUMBERS = 1000;

export type Hyperparameters = Readonly<Record<string, Hyperparameter>>;

/** The value that a description asks for. */
export type ValueOf<P extends Hyperparameter> = P extends NumberParameter
  ? number
  : P extends BooleanParameter
    ? boolean
    : P extends ChoiceParameter
      ? keyof P["options"] & string
      : P extends NumbersParameter
        ? readonly number[]
        : never;

export type ValuesOf<H extends Hyperparameters> = { readonly [K in keyof H]: ValueOf<H[K]> };

export type Value = number | boolean | string | readonly number[];

/** Values whose keys are not known to the compiler, as generic controls and validators see them. */
export type Values = Readonly<Record<string, Value>>;

/** Whether two values of one parameter are the same; lists are compared number by number. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Everything that stands in a registry has at least this. */
export interface Definition {
  readonly label: string;
  readonly hyperparameters: Hyperparameters;
}

export type Registry = Readonly<Record<string, Definition>>;

/** The union of all that a registry offers: `{ kind: "sgd", learningRate, … } | { kind: "adamw", … }`. */
export type ChoiceOf<R extends Registry> = {
  readonly [K in keyof R]: { readonly kind: K & string } & ValuesOf<R[K]["hyperparameters"]>;
}[keyof R];

/** The default of every hyperparameter. */
export function defaultsOf<H extends Hyperparameters>(hyperparameters: H): ValuesOf<H> {
  const entries = Object.entries(hyperparameters).map(([name, parameter]) => [name, parameter.default]);
  return Object.fromEntries(entries) as ValuesOf<H>;
}
