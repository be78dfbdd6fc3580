import { createMemo, For, type JSX } from "solid-js";
import {
  type BooleanParameter,
  type ChoiceParameter,
  type Hyperparameters as Descriptions,
  type Hyperparameter,
  type NumberParameter,
  type NumbersParameter,
  sameValue,
  type Value,
  type Values,
} from "../../lib/hyperparameters.ts";
import { Choice } from "./Choice.tsx";
import { NumberControl } from "./NumberControl.tsx";
import { NumbersControl } from "./NumbersControl.tsx";
import { Toggle } from "./Toggle.tsx";

interface ControlProps<P> {
  readonly parameter: P;
  readonly value: Value | undefined;
  readonly baseline: Value | undefined;
  readonly onChange: (value: Value) => void;
}

const numberOr = (value: unknown, fallback: number): number => (typeof value === "number" ? value : fallback);

const changedFrom = (props: ControlProps<Hyperparameter>): boolean =>
  props.baseline !== undefined && !sameValue(props.value, props.baseline);

/** One control per kind of hyperparameter. */
const controls = {
  number: (props: ControlProps<NumberParameter>) => (
    <NumberControl
      parameter={props.parameter}
      value={numberOr(props.value, props.parameter.default)}
      baseline={typeof props.baseline === "number" ? props.baseline : undefined}
      onChange={props.onChange}
    />
  ),
  boolean: (props: ControlProps<BooleanParameter>) => (
    <Toggle
      label={props.parameter.label}
      help={props.parameter.help}
      value={props.value === true}
      changed={changedFrom(props)}
      onChange={props.onChange}
    />
  ),
  choice: (props: ControlProps<ChoiceParameter>) => (
    <Choice
      label={props.parameter.label}
      help={props.parameter.help}
      options={Object.entries(props.parameter.options).map(([value, label]) => ({ value, label }))}
      value={String(props.value)}
      changed={changedFrom(props)}
      onChange={props.onChange}
    />
  ),
  numbers: (props: ControlProps<NumbersParameter>) => (
    <NumbersControl
      parameter={props.parameter}
      value={Array.isArray(props.value) ? props.value : props.parameter.default}
      changed={changedFrom(props)}
      onChange={props.onChange}
    />
  ),
} satisfies {
  readonly [K in Hyperparameter["kind"]]: (props: ControlProps<Extract<Hyperparameter, { kind: K }>>) => JSX.Element;
};

/** `Hyperparameter["kind"]` and its control belong together, which the compiler cannot follow through a lookup. */
function Control(props: ControlProps<Hyperparameter>) {
  const draw = controls[props.parameter.kind] as (props: ControlProps<Hyperparameter>) => JSX.Element;
  return draw(props);
}

export interface HyperparametersProps {
  readonly descriptions: Descriptions;
  readonly values: Values;
  /** What the preset says; where it is silent, the defaults. */
  readonly baseline: Values | undefined;
  readonly onChange: (values: Values) => void;
}

/** A control for every hyperparameter of a definition, drawn from its description. */
export function Hyperparameters(props: HyperparametersProps) {
  // The rows must outlive a change of a value: a slider that is being dragged may not be replaced.
  const descriptions = createMemo(() => props.descriptions);
  return (
    <For each={Object.entries(descriptions())}>
      {([name, parameter]) => (
        <Control
          parameter={parameter}
          value={props.values[name]}
          baseline={props.baseline?.[name] ?? parameter.default}
          onChange={(value) => props.onChange({ ...props.values, [name]: value })}
        />
      )}
    </For>
  );
}
