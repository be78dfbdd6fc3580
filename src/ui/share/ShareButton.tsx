import { createSignal, lazy, Show } from "solid-js";
import { Icon } from "../Icon.tsx";
import { placeBeside } from "./placeBeside.ts";

const SharePopover = lazy(async () => ({ default: (await import("./SharePopover.tsx")).SharePopover }));

/** Opens the popover with the link to the run on screen. */
export function ShareButton() {
  const [open, setOpen] = createSignal(false);
  let button: HTMLButtonElement | undefined;
  let popover: HTMLDivElement | undefined;
  const place = () => {
    if (button !== undefined && popover?.matches(":popover-open")) placeBeside(popover, button);
  };
  // The content comes later than the box, and its details open and close.
  const watch = new ResizeObserver(place);
  return (
    <>
      <button
        ref={button}
        type="button"
        class="btn ico share-button"
        popovertarget="share"
        aria-expanded={open()}
        aria-label="Share"
        title="A link to this run"
      >
        <Icon glyph="share" />
      </button>
      <div
        ref={(element) => {
          popover = element;
          watch.observe(element);
        }}
        id="share"
        popover="auto"
        class="sheet"
        role="dialog"
        aria-label="Share"
        onToggle={(event) => {
          setOpen(event.newState === "open");
          place();
        }}
      >
        <Show when={open()}>
          <SharePopover />
        </Show>
      </div>
    </>
  );
}
