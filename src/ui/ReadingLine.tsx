import { createEffect, createMemo, createSignal, For, onCleanup, Show } from "solid-js";
import { type Glyph, Icon } from "./Icon.tsx";
import { type Playground, usePlayground } from "./playground.ts";
import { type Reading, readingOf } from "./reading.ts";
import "./styles/reading.css";

interface Action {
  readonly label: string;
  readonly run: () => void;
}

interface Look {
  readonly tone: "" | "warn" | "bad";
  readonly glyph: Glyph;
  readonly actions: (playground: Playground) => readonly Action[];
  /** How the user puts it away, where that is possible. */
  readonly dismiss?: (playground: Playground) => void;
}

const none = () => [];

const looks: Readonly<Record<Reading["kind"], Look>> = {
  stopped: {
    tone: "bad",
    glyph: "stop",
    actions: ({ trainer }) => [{ label: "Go back to step 0", run: trainer.reset }],
  },
  askTest: {
    tone: "warn",
    glyph: "advice",
    actions: ({ confirmTest, dropTest }) => [
      { label: "Evaluate again", run: confirmTest },
      { label: "Leave it", run: dropTest },
    ],
  },
  progress: { tone: "", glyph: "information", actions: none },
  notice: { tone: "", glyph: "information", actions: none, dismiss: ({ trainer }) => trainer.dismissNotice() },
  test: { tone: "", glyph: "information", actions: none, dismiss: ({ trainer }) => trainer.dismissTest() },
  empty: { tone: "warn", glyph: "advice", actions: none },
  running: { tone: "", glyph: "play", actions: none },
  ready: { tone: "", glyph: "play", actions: none },
  paused: { tone: "", glyph: "pause", actions: none },
};

/** Milliseconds between two messages to assistive technology. */
const announcementPause = 5000;

/** The newest text, but at most one per `announcementPause`; the last one always comes. */
function createAnnouncement(text: () => string): () => string {
  const [spoken, setSpoken] = createSignal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = "";
  const speak = () => {
    timer = undefined;
    if (spoken() === newest) return;
    setSpoken(newest);
    timer = setTimeout(speak, announcementPause);
  };
  createEffect(() => {
    newest = text();
    if (timer === undefined) speak();
  });
  onCleanup(() => clearTimeout(timer));
  return spoken;
}

/** One sentence that says what is happening, always in the same place. */
export function ReadingLine() {
  const playground = usePlayground();
  const { trainer, missingFile, testsUsed, asksTestAgain } = playground;
  const reading = createMemo(() =>
    readingOf({
      nonFinite: trainer.nonFinite(),
      asksTestAgain: asksTestAgain(),
      testsUsed: testsUsed(),
      missingFile: missingFile(),
      progress: trainer.progress()?.message,
      notice: trainer.notice(),
      test: trainer.test(),
      preparing: trainer.preparing(),
      playing: trainer.playing(),
      step: trainer.step(),
      summary: trainer.summary(),
      readings: trainer.readings(),
    }),
  );
  const kind = createMemo(() => reading().kind);
  const look = () => looks[kind()];
  const announcement = createAnnouncement(() => `${reading().fact} ${reading().rest}`);
  return (
    <>
      <section
        class={`reading ${look().tone}`}
        aria-label="What is happening"
        role={kind() === "stopped" ? "alert" : "region"}
      >
        <Icon glyph={look().glyph} class="mark" />
        <p>
          <strong>{reading().fact}</strong> <span class="dim">{reading().rest}</span>
        </p>
        <div class="acts">
          <For each={look().actions(playground)}>
            {(action) => (
              <button type="button" class="btn" onClick={() => action.run()}>
                {action.label}
              </button>
            )}
          </For>
          <Show when={look().dismiss}>
            {(dismiss) => (
              <button type="button" class="btn ico" aria-label="Dismiss" onClick={() => dismiss()(playground)}>
                <Icon glyph="close" />
              </button>
            )}
          </Show>
        </div>
      </section>
      <p class="sr" aria-live="polite">
        {announcement()}
      </p>
    </>
  );
}
