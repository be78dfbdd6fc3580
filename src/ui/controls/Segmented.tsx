import { createUniqueId } from "solid-js";
import type { Option } from "./Choice.tsx";
import { RadioGroup } from "./RadioGroup.tsx";

export interface SegmentedProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string;
  readonly help?: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A row with a choice among a few, all in view. */
export function Segmented(props: SegmentedProps) {
  const id = createUniqueId();
  return (
    <div class="row two" title={props.help?.replaceAll("`", "")}>
      <span class="lab" id={id}>
        {props.label}
      </span>
      <span class="end">
        <RadioGroup
          name={{ labelledBy: id }}
          options={props.options.map(({ unfit, ...option }) => ({
            ...option,
            ...{ title: unfit, disabled: unfit !== undefined },
          }))}
          value={props.value}
          onChange={props.onChange}
        />
      </span>
    </div>
  );
}
