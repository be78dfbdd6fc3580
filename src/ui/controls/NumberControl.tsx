import { createEffect, createSignal, createUniqueId, onCleanup, Show } from "solid-js";
import { formatInput, formatSetting } from "../../lib/format.ts";
import type { NumberParameter } from "../../lib/hyperparameters.ts";
import { positionOf, positions, readTyped, stepFrom, valueAt } from "./scale.ts";

export interface NumberControlProps {
  readonly parameter: NumberParameter;
  readonly value: number;
  /** What the preset says; a ball marks a value that differs from it. */
  readonly baseline?: number | undefined;
  readonly onChange: (value: number) => void;
}

/** Milliseconds for which a refusal is read; the old value is back at once. */
const refusalTime = 12_000;

const keySteps: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** A number: a slider, and a field that takes any allowed value typed. A value that is not allowed changes nothing. */
export function NumberControl(props: NumberControlProps) {
  const id = createUniqueId();
  const [refusal, setRefusal] = createSignal("");
  createEffect(() => {
    if (refusal() === "") return;
    const timer = setTimeout(() => setRefusal(""), refusalTime);
    onCleanup(() => clearTimeout(timer));
  });
  const percent = (value: number) => `${(100 * positionOf(props.parameter, value)) / positions}`;

  const accept = (value: number) => {
    setRefusal("");
    if (value !== props.value) props.onChange(value);
  };
  const commit = (input: HTMLInputElement) => {
    const typed = readTyped(props.parameter, input.value);
    if (typed.ok) accept(typed.value);
    else setRefusal(typed.message);
    input.value = formatInput(props.value);
  };
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLInputElement }) => {
    const steps = keySteps[event.key];
    if (steps === undefined) return;
    event.preventDefault();
    accept(stepFrom(props.parameter, props.value, steps));
  };

  return (
    <div
      class="row"
      classList={{ changed: props.baseline !== undefined && props.baseline !== props.value }}
      title={[props.parameter.label, props.parameter.help].filter(Boolean).join(". ")}
    >
      <span class="lab">
        <label for={id}>{props.parameter.label}</label>
        <Show when={props.parameter.symbol}>
          {(symbol) => (
            <i class="math" aria-hidden="true">
              {symbol()}
            </i>
          )}
        </Show>
      </span>
      <input
        type="range"
        aria-label={`${props.parameter.label} slider`}
        aria-valuetext={formatSetting(props.value)}
        min="0"
        max={positions}
        value={positionOf(props.parameter, props.value)}
        style={{ "--v": percent(props.value), "--d": percent(props.parameter.default) }}
        onInput={(event) => accept(valueAt(props.parameter, event.currentTarget.valueAsNumber))}
      />
      <input
        id={id}
        class="val"
        type="number"
        inputmode="decimal"
        step="any"
        min={props.parameter.min}
        max={props.parameter.max}
        value={formatInput(props.value)}
        aria-invalid={refusal() !== ""}
        aria-describedby={refusal() === "" ? undefined : `${id}-refusal`}
        onChange={(event) => commit(event.currentTarget)}
        onKeyDown={onKeyDown}
      />
      <Show when={refusal()}>
        <p class="refusal" id={`${id}-refusal`} role="alert">
          {refusal()}
        </p>
      </Show>
    </div>
  );
}
