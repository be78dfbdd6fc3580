import { lazy, Show } from "solid-js";
import { encodeConfig } from "../session/url.ts";
import { Icon } from "./Icon.tsx";
import { createKeys, showKeys } from "./keys.ts";
import { usePlayground } from "./playground.ts";
import { isEmbedded } from "./share/embedded.ts";
import { ShareButton } from "./share/ShareButton.tsx";
import "./styles/share.css";

const Help = lazy(async () => ({ default: (await import("./Help.tsx")).Help }));

/** From inside of another page to the whole one, with the run on screen. */
function OpenWhole() {
  const { store, lessons } = usePlayground();
  const address = () => `${location.pathname}#${encodeConfig(store.config())}${lessons.lesson()?.address ?? ""}`;
  return (
    <a class="btn bare whole" target="_blank" rel="noopener" href={address()}>
      Open in Downhill
    </a>
  );
}

/** Back and forth through the changes, a link to the run, and the list of keys. */
export function Tools() {
  const playground = usePlayground();
  const { store } = playground;
  const keys = createKeys(playground);
  const titleOf = (word: string, label: string | undefined) => (label === undefined ? word : `${word}: ${label}`);
  return (
    <>
      <span class="edits">
        <button
          type="button"
          class="btn ico"
          aria-label="Undo"
          title={titleOf("Undo", store.log.done().at(-1)?.label)}
          disabled={store.log.done().length === 0}
          onClick={() => store.undo()}
        >
          <Icon glyph="undo" />
        </button>
        <button
          type="button"
          class="btn ico"
          aria-label="Redo"
          title={titleOf("Redo", store.log.undone().at(-1)?.label)}
          disabled={store.log.undone().length === 0}
          onClick={() => store.redo()}
        >
          <Icon glyph="redo" />
        </button>
      </span>
      <Show when={!isEmbedded()} fallback={<OpenWhole />}>
        <ShareButton />
      </Show>
      <span class="edits">
        <button type="button" class="btn ico" aria-label="Keys" title="List of keys (?)" onClick={showKeys}>
          <Icon glyph="help" />
        </button>
      </span>
      <Show when={keys.help()}>
        <Help keys={keys} />
      </Show>
    </>
  );
}
