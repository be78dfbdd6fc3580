import { createSignal, createUniqueId, lazy, Show } from "solid-js";
import { formatSetting } from "../../lib/format.ts";
import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";
import { Status } from "../Status.tsx";

const TransportMenu = lazy(() => import("./TransportMenu.tsx"));

/** Speed, limits, and fresh starts: a menu at the end of the transport, below its button or over the foot of a phone. */
export function TransportMore(props: { readonly disabled: boolean }) {
  const { speed } = usePlayground();
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  let button: HTMLButtonElement | undefined;
  let menu: HTMLFieldSetElement | undefined;
  const onToggle = (event: ToggleEvent) => {
    setOpen(event.newState === "open");
    if (button === undefined || menu === undefined) return;
    const { left } = button.getBoundingClientRect();
    menu.style.setProperty("--left", `${Math.max(0, Math.min(left, innerWidth - menu.offsetWidth))}px`);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class="btn ico more-transport"
        aria-label="Speed and limits"
        title="Speed, limits, new weights, new data"
        disabled={props.disabled}
        popovertarget={id}
      >
        <Icon glyph="dials" />
      </button>
      <Show when={Number.isFinite(speed())}>
        <Status name="Speed" value={`${formatSetting(speed())}/s`} class="rate" />
      </Show>
      <fieldset
        ref={menu}
        id={id}
        class="transport-menu"
        popover="auto"
        aria-label="Speed and limits of the run"
        onToggle={onToggle}
      >
        <Show when={isOpen()}>
          <TransportMenu />
        </Show>
      </fieldset>
    </>
  );
}
