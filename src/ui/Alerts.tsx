import { For } from "solid-js";
import { Icon } from "./Icon.tsx";
import { usePlayground } from "./playground.ts";

/** What went wrong, each with a way to put it away. The page goes on below. */
export function Alerts() {
  const { trainer } = usePlayground();
  return (
    <For each={trainer.messages()}>
      {(message) => (
        <section class="reading bad" role="alert">
          <Icon glyph="stop" class="mark" />
          <p>{message.text}</p>
          <div class="put">
            <button
              type="button"
              class="btn ico"
              aria-label="Dismiss this message"
              onClick={() => trainer.dismiss(message.id)}
            >
              <Icon glyph="close" />
            </button>
          </div>
        </section>
      )}
    </For>
  );
}
