import { createSignal, createUniqueId, Show } from "solid-js";
import { formatInput } from "../../lib/format.ts";
import type { NumbersParameter } from "../../lib/hyperparameters.ts";
import { readTypedNumbers } from "./scale.ts";

export interface NumbersControlProps {
  readonly parameter: NumbersParameter;
  readonly value: readonly number[];
  readonly changed?: boolean;
  readonly onChange: (value: readonly number[]) => void;
}

/** A list of numbers in one field: `1, 2, 0.5`. A list that is not allowed changes nothing. */
export function NumbersControl(props: NumbersControlProps) {
  const id = createUniqueId();
  const [refusal, setRefusal] = createSignal("");
  const text = () => props.value.map(formatInput).join(", ");
  const commit = (input: HTMLInputElement) => {
    const typed = readTypedNumbers(props.parameter, input.value);
    setRefusal(typed.ok ? "" : typed.message);
    if (typed.ok) props.onChange(typed.value);
    input.value = text();
  };
  return (
    <div class="row two" classList={{ changed: props.changed === true }} title={props.parameter.help}>
      <label class="lab" for={id}>
        {props.parameter.label}
      </label>
      <span class="end">
        <input
          id={id}
          class="list"
          type="text"
          inputmode="decimal"
          autocomplete="off"
          placeholder="none"
          value={text()}
          aria-invalid={refusal() !== ""}
          aria-describedby={refusal() === "" ? undefined : `${id}-refusal`}
          onChange={(event) => commit(event.currentTarget)}
        />
      </span>
      <Show when={refusal()}>
        <p class="refusal" id={`${id}-refusal`} role="alert">
          {refusal()}
        </p>
      </Show>
    </div>
  );
}
