import { createMemo, createSignal, Show } from "solid-js";
import { More } from "../ingredients/Card.tsx";
import { usePlayground } from "../playground.ts";
import { createClassroom, GoalFields, Locks } from "./Classroom.tsx";
import { emptyShare } from "./link.ts";
import { embedOf, ghostOf, linkOf } from "./sharedLink.ts";

/** Copies a text. Where the browser does not allow it, the field is selected for the user to copy. */
async function copy(text: string, field: HTMLInputElement | undefined): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    field?.select();
    return "Press Ctrl+C to copy the selected link.";
  }
}

/** A link to the run on screen, with what its sender wants to go along. */
export function SharePopover() {
  const { store, trainer } = usePlayground();
  let field: HTMLInputElement | undefined;
  const room = createClassroom();
  const [carries, setCarries] = createSignal(false);
  const [said, setSaid] = createSignal("");
  const hasSteps = () => trainer.step() > 0;
  /** The curve as it was when the box was ticked: a link that changes ten times a second cannot be copied by hand. */
  const ghost = createMemo(() => (carries() ? ghostOf(trainer.history) : undefined));
  const link = createMemo(() => {
    const sent = ghost();
    const share = { ...emptyShare, ...room.share(), ...(sent && { ghost: sent }) };
    return linkOf(location.origin + location.pathname, store.config(), share);
  });
  const isFile = () => store.config().data.kind === "file";
  return (
    <div class="share-form">
      <h2>Share this run</h2>
      <p class="note">Everything stands in the link itself. Nothing is sent anywhere.</p>
      <div class="copy">
        <input
          ref={field}
          type="text"
          readonly
          aria-label="Link"
          value={link()}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="btn" onClick={async () => setSaid(await copy(link(), field))}>
          Copy link
        </button>
        <Show when={"share" in navigator}>
          <button
            type="button"
            class="btn"
            // Whoever closes the system's dialog needs no message.
            onClick={() => navigator.share({ title: "Downhill", url: link() }).catch(() => undefined)}
          >
            Share…
          </button>
        </Show>
      </div>
      <p class="note" role="status" aria-label="Copied">
        {said()}
      </p>
      <Show when={isFile()}>
        <p class="note">The data file stays on your machine: whoever opens the link needs it too.</p>
      </Show>
      <label class="check">
        <input
          type="checkbox"
          disabled={!hasSteps()}
          checked={carries()}
          onChange={(event) => setCarries(event.currentTarget.checked)}
        />
        Carry the curve so far, so that others see whether theirs reproduces it
      </label>
      <Show when={carries() && store.markers().length > 0}>
        <p class="note">Settings were changed on the way: a run with those of now takes another course.</p>
      </Show>
      <More label="For a class" summary="a goal, locked settings">
        <GoalFields room={room} />
        <Locks room={room} />
      </More>
      <More label="For use in a page" summary="view, plots and transport">
        <textarea rows="4" readonly aria-label="Code for a page" value={embedOf(link())} />
      </More>
    </div>
  );
}
