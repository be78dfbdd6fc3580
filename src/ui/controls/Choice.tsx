import { createUniqueId, For, type JSX, Show } from "solid-js";
import { Icon } from "../Icon.tsx";

export interface Option {
  readonly value: string;
  readonly label: string;
  /** Why it cannot be chosen now; shown beside the label. */
  readonly unfit?: string | undefined;
}

/** The members of a registry as a menu. */
export const optionsOf = (registry: Readonly<Record<string, { readonly label: string }>>): readonly Option[] =>
  Object.entries(registry).map(([value, { label }]) => ({ value, label }));

export interface SelectProps {
  readonly options: readonly Option[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly id?: string;
  readonly "aria-label"?: string;
}

/** A native menu that always shows `value`, also after a choice that was refused. */
export function Select(props: SelectProps) {
  const choose: JSX.ChangeEventHandler<HTMLSelectElement, Event> = (event) => {
    const chosen = event.currentTarget.value;
    event.currentTarget.value = props.value;
    props.onChange(chosen);
  };
  return (
    <select id={props.id} aria-label={props["aria-label"]} onChange={choose}>
      <For each={props.options}>
        {(option) => (
          <option value={option.value} selected={option.value === props.value} disabled={option.unfit !== undefined}>
            {option.unfit === undefined ? option.label : `${option.label} (${option.unfit})`}
          </option>
        )}
      </For>
    </select>
  );
}

export interface ChoiceProps extends SelectProps {
  readonly label: string;
  readonly changed?: boolean;
  readonly help?: string | undefined;
  /** Where the chosen member's formula comes from. */
  readonly source?: string | undefined;
}

/** A labelled native menu in a row. */
export function Choice(props: ChoiceProps) {
  const id = createUniqueId();
  const chosen = () => props.options.find(({ value }) => value === props.value)?.label ?? props.label.toLowerCase();
  return (
    <div class="row two" classList={{ changed: props.changed === true }} title={props.help}>
      <label class="lab" for={id}>
        {props.label}
      </label>
      <span class="end">
        <Select id={id} options={props.options} value={props.value} onChange={props.onChange} />
        <Show when={props.source}>
          {(href) => (
            <a
              class="btn ico source"
              href={href()}
              target="_blank"
              rel="noreferrer"
              aria-label={`Definition of ${chosen()}`}
              title={`Definition: ${href()}`}
            >
              <Icon glyph="source" />
            </a>
          )}
        </Show>
      </span>
    </div>
  );
}
