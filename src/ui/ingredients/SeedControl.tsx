import { createSignal, createUniqueId, Show } from "solid-js";
import type { NumberParameter } from "../../lib/hyperparameters.ts";
import { readTyped } from "../controls/scale.ts";
import { Icon } from "../Icon.tsx";
import { drawSeed } from "../seed.ts";

export interface SeedControlProps {
  readonly parameter: NumberParameter;
  /** Name of the button that draws a new seed. */
  readonly draw: string;
  readonly value: number;
  readonly onChange: (seed: number) => void;
}

/** A seed: it can be read, typed, and drawn anew. */
export function SeedControl(props: SeedControlProps) {
  const id = createUniqueId();
  const [refusal, setRefusal] = createSignal("");
  const commit = (input: HTMLInputElement) => {
    const typed = readTyped(props.parameter, input.value);
    setRefusal(typed.ok ? "" : typed.message);
    if (typed.ok && typed.value !== props.value) props.onChange(typed.value);
    input.value = String(props.value);
  };
  return (
    <div class="row two" title={props.parameter.help}>
      <label class="lab" for={id}>
        {props.parameter.label}
      </label>
      <span class="end">
        <input
          id={id}
          class="seed"
          type="number"
          min="0"
          step="1"
          value={props.value}
          onChange={(event) => commit(event.currentTarget)}
        />
        <button
          type="button"
          class="btn ico"
          aria-label={props.draw}
          title={props.draw}
          onClick={() => props.onChange(drawSeed())}
        >
          <Icon glyph="dice" />
        </button>
      </span>
      <Show when={refusal()}>
        <p class="refusal" role="alert">
          {refusal()}
        </p>
      </Show>
    </div>
  );
}
