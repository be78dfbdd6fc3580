import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { type Glyph, Icon } from "../Icon.tsx";

export interface PopoverProps {
  /** Name of the button. */
  readonly label: string;
  readonly glyph: Glyph;
  /** Made anew each time it opens; `close` puts it away. */
  readonly children: (close: () => void) => JSX.Element;
}

const distance = 4;

/** Puts a panel below its button, inside the window. */
function place(panel: HTMLElement, button: HTMLElement): void {
  const { right, bottom, top } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = bottom + distance;
  const fits = below + height <= innerHeight;
  panel.style.left = `${Math.max(distance, Math.min(innerWidth - width - distance, right - width))}px`;
  panel.style.top = `${Math.max(distance, fits ? below : top - distance - height)}px`;
}

/** A button with a panel that floats over the page: the browser closes it on Escape and on a press elsewhere. */
export function Popover(props: PopoverProps) {
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  let button: HTMLButtonElement | undefined;
  let panel: HTMLDivElement | undefined;
  const onToggle = (event: ToggleEvent) => {
    setOpen(event.newState === "open");
    if (!isOpen() || panel === undefined || button === undefined) return;
    place(panel, button);
    panel.querySelector<HTMLElement>("button, input")?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class="btn ico"
        aria-label={props.label}
        title={props.label}
        aria-expanded={isOpen()}
        popovertarget={id}
      >
        <Icon glyph={props.glyph} />
      </button>
      <div
        ref={panel}
        id={id}
        class="popover"
        popover="auto"
        role="dialog"
        aria-label={props.label}
        on:toggle={onToggle}
      >
        <Show when={isOpen()}>{props.children(() => panel?.hidePopover())}</Show>
      </div>
    </>
  );
}
