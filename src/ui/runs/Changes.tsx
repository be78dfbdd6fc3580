import { createSignal, createUniqueId, For, Show } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";
import { placeBeside } from "../share/placeBeside.ts";

/** The log of changes, newest first, each with a way to take it back alone. */
export function Changes() {
  const { store } = usePlayground();
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  let list: HTMLDivElement | undefined;
  let button: HTMLButtonElement | undefined;
  const entries = () => store.log.done().toReversed();
  return (
    <>
      <button
        ref={button}
        type="button"
        class="btn bare"
        popovertarget={id}
        aria-expanded={open()}
        title="Every change of this session, each with a way back"
      >
        <Icon glyph="log" />
        Changes{" "}
        <span class="dim3" aria-hidden="true">
          {entries().length}
        </span>
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        class="sheet changes"
        role="dialog"
        aria-label="Changes"
        onToggle={(event) => {
          setOpen(event.newState === "open");
          if (list !== undefined && button !== undefined) placeBeside(list, button);
        }}
      >
        <div class="deeds">
          <button type="button" class="btn" disabled={entries().length === 0} onClick={() => store.undo()}>
            <Icon glyph="undo" />
            Undo
          </button>
          <button type="button" class="btn" disabled={store.log.undone().length === 0} onClick={() => store.redo()}>
            <Icon glyph="redo" />
            Redo
          </button>
        </div>
        <Show when={open()}>
          <ol>
            <For each={entries()} fallback={<li class="dim">Nothing was changed yet.</li>}>
              {(entry) => (
                <li>
                  <span>
                    {entry.label} <span class="dim3">at step {formatCount(entry.step)}</span>
                  </span>
                  <button
                    type="button"
                    class="btn ico"
                    aria-label={`Take back: ${entry.label}`}
                    title="Take this change back, keep the others"
                    onClick={() => store.revert(entry)}
                  >
                    <Icon glyph="undo" />
                  </button>
                </li>
              )}
            </For>
          </ol>
        </Show>
      </div>
    </>
  );
}
