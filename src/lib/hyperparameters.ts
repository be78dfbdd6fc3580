/**
 * A tunable setting, described once: the config type, the validation, the control on the page, the URL and the JSON
 * schema are all derived from this description.
 */
export type Hyperparameter = NumberParameter | BooleanParameter | ChoiceParameter;

export interface NumberParameter {
  readonly kind: "number";
  readonly label: string;
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
  readonly help?: string;
}

export interface BooleanParameter {
  readonly kind: "boolean";
  readonly label: string;
  readonly default: boolean;
  readonly help?: string;
}

export interface ChoiceParameter {
  readonly kind: "choice";
  readonly label: string;
  readonly default: string;
  /** Value to label, in menu order. */
  readonly options: Readonly<Record<string, string>>;
  readonly help?: string;
}

export type Hyperparameters = Readonly<Record<string, Hyperparameter>>;

/** The value that a description asks for. */
export type ValueOf<P extends Hyperparameter> = P extends NumberParameter
  ? number
  : P extends BooleanParameter
    ? boolean
    : P extends ChoiceParameter
      ? keyof P["options"] & string
      : never;

export type ValuesOf<H extends Hyperparameters> = { readonly [K in keyof H]: ValueOf<H[K]> };

/** Values whose keys are not known to the compiler, as generic controls and validators see them. */
export type Values = Readonly<Record<string, number | boolean | string>>;

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
