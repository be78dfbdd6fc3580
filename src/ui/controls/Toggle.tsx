import { createUniqueId } from "solid-js";

export interface ToggleProps {
  readonly label: string;
  readonly value: boolean;
  readonly changed?: boolean;
  readonly help?: string | undefined;
  readonly onChange: (value: boolean) => void;
}

/** Yes or no: a check box. */
export function Toggle(props: ToggleProps) {
  const id = createUniqueId();
  return (
    <div class="row two" classList={{ changed: props.changed === true }} title={props.help}>
      <label class="lab" for={id}>
        {props.label}
      </label>
      <span class="end">
        <input
          id={id}
          type="checkbox"
          checked={props.value}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
      </span>
    </div>
  );
}
