import { createUniqueId, For } from "solid-js";
import type { Option } from "./Choice.tsx";

export interface SegmentedProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string;
  readonly help?: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A choice among a few, all in view: a radio group. */
export function Segmented(props: SegmentedProps) {
  const id = createUniqueId();
  return (
    <div class="row two" title={props.help?.replaceAll("`", "")}>
      <span class="lab" id={id}>
        {props.label}
      </span>
      <span class="end">
        <span class="seg" role="radiogroup" aria-labelledby={id}>
          <For each={props.options}>
            {(option) => (
              <label title={option.unfit}>
                <input
                  type="radio"
                  name={id}
                  value={option.value}
                  checked={option.value === props.value}
                  disabled={option.unfit !== undefined}
                  onChange={() => props.onChange(option.value)}
                />
                {option.label}
              </label>
            )}
          </For>
        </span>
      </span>
    </div>
  );
}
