import { createEffect } from "solid-js";
import { Icon } from "../Icon.tsx";

export interface RemovedProps {
  readonly text: string;
  readonly onUndo: () => void;
  readonly onDismiss: () => void;
}

/** What was deleted, and the way back; it takes the focus that a row took with it when it went. */
export function Removed(props: RemovedProps) {
  let back: HTMLButtonElement | undefined;
  createEffect(() => {
    if (props.text !== "" && document.activeElement === document.body) back?.focus();
  });
  return (
    <span class="removed" role="status" aria-label="Deleted runs">
      {props.text}{" "}
      <button ref={back} type="button" class="btn" onClick={() => props.onUndo()}>
        Bring back
      </button>
      <button type="button" class="btn ico" aria-label="Dismiss" onClick={() => props.onDismiss()}>
        <Icon glyph="close" />
      </button>
    </span>
  );
}
