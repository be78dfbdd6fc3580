import { createUniqueId, Index } from "solid-js";

export interface RadioOption<Value> {
  readonly value: Value;
  readonly label: string;
  /** Its accessible name, where the label is short for it. */
  readonly name?: string;
  readonly title?: string | undefined;
  readonly disabled?: boolean;
}

export interface RadioGroupProps<Value> {
  /** Its accessible name, or the id of the element that has it. */
  readonly name: { readonly label: string } | { readonly labelledBy: string };
  readonly options: readonly RadioOption<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** A choice among a few, all in view, side by side. */
export function RadioGroup<Value>(props: RadioGroupProps<Value>) {
  const id = createUniqueId();
  const label = () => ("label" in props.name ? props.name.label : undefined);
  const labelledBy = () => ("labelledBy" in props.name ? props.name.labelledBy : undefined);
  return (
    <span class="seg" role="radiogroup" aria-label={label()} aria-labelledby={labelledBy()}>
      <Index each={props.options}>
        {(option) => (
          <label title={option().title}>
            <input
              type="radio"
              name={id}
              value={String(option().value)}
              aria-label={option().name}
              checked={option().value === props.value}
              disabled={option().disabled === true}
              onChange={() => props.onChange(option().value)}
            />
            {option().label}
          </label>
        )}
      </Index>
    </span>
  );
}
