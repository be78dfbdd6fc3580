import { For, onMount } from "solid-js";
import { Icon } from "./Icon.tsx";
import { helpKey, type Keys, keyCommands } from "./keys.ts";

/** All keys in a list, and the switch for the single ones. */
export function Help(props: { readonly keys: Keys }) {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={() => props.keys.setHelp(false)}>
      <div class="head">
        <h2 id="keys-title">Keys</h2>
        <button type="button" class="btn ico" aria-label="Close" onClick={() => dialog?.close()}>
          <Icon glyph="close" />
        </button>
      </div>
      <dl>
        <For each={keyCommands}>
          {({ key, shown, label }) => (
            <div>
              <dt>
                <kbd>{shown ?? key.toUpperCase()}</kbd>
              </dt>
              <dd>{label}</dd>
            </div>
          )}
        </For>
        <div>
          <dt>
            <kbd>{helpKey}</kbd>
          </dt>
          <dd>This list</dd>
        </div>
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={props.keys.singleKeys()}
          onChange={(event) => props.keys.setSingleKeys(event.currentTarget.checked)}
        />
        Single keys, without Ctrl
      </label>
    </dialog>
  );
}
