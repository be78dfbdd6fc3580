import { createSignal, onMount, Show } from "solid-js";
import { Icon } from "../Icon.tsx";
import { forgetOffline, type Offline, startOffline } from "./serviceWorker.ts";

/** The page has drawn its first picture by then: what it keeps for later must not delay it. */
const quietTime = 2000;

/** Keeps the site for visits without a network, and offers a newer version in words. */
export default function UpdateNotice() {
  const [newer, setNewer] = createSignal<Offline>();
  onMount(() => {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    // Not there on a page without https, nor in some private windows.
    if (workers === undefined) return;
    if (import.meta.env.VITE_OFFLINE === undefined) {
      void forgetOffline(workers);
      return;
    }
    const start = () =>
      startOffline(workers, { onUpdate: setNewer, reload: () => location.reload() }).catch(() => {
        // The site works as before, with a network.
      });
    setTimeout(start, quietTime);
  });
  return (
    <Show when={newer()}>
      {(offline) => (
        <section class="reading" aria-label="Newer version" role="status">
          <Icon glyph="information" class="mark" />
          <p>
            <strong>A newer version is ready.</strong>{" "}
            <span class="dim">
              Loading it ends this run; its settings stay. Otherwise it starts with your next visit.
            </span>
          </p>
          <div class="acts">
            <button type="button" class="btn" onClick={() => offline().update()}>
              Load it now
            </button>
            <button type="button" class="btn ico" aria-label="Dismiss" onClick={() => setNewer(undefined)}>
              <Icon glyph="close" />
            </button>
          </div>
        </section>
      )}
    </Show>
  );
}
