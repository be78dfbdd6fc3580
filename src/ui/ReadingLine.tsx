import { createEffect, createMemo, createSignal, For, onCleanup, Show } from "solid-js";
import type { Finding } from "../session/diagnosis/index.ts";
import { createDiagnosis } from "./createDiagnosis.ts";
import { type Glyph, Icon } from "./Icon.tsx";
import { type Playground, usePlayground } from "./playground.ts";
import { Popover } from "./plots/Popover.tsx";
import { type Reading, readingOf } from "./reading.ts";
import "./styles/reading.css";

interface Action {
  readonly label: string;
  readonly run: () => void;
}

/** The page, and what the diagnosis says. */
interface Context extends Playground {
  readonly finding: () => Finding | undefined;
  readonly dismissFinding: () => void;
}

interface Look {
  readonly tone: "" | "warn" | "bad";
  readonly glyph: Glyph;
  readonly actions: (context: Context) => readonly Action[];
  /** How the user puts it away, where that is possible. */
  readonly dismiss?: (context: Context) => void;
  /** Whether it is the diagnosis that speaks. */
  readonly advises?: true;
}

const none = () => [];

/** Each is one change of the settings, which can be taken back like any other. */
function remediesOf({ finding, store }: Context): readonly Action[] {
  const take = (label: string) => {
    // The button may have stood there since an older finding: what it does is what the newest one means by it.
    const remedy = finding()?.remedies.find((each) => each.label === label);
    if (remedy !== undefined) store.change(remedy.change(store.config()));
  };
  return (finding()?.remedies ?? []).map(({ label }) => ({ label, run: () => take(label) }));
}

const backToStart = ({ trainer }: Context): readonly Action[] => [{ label: "Go back to step 0", run: trainer.reset }];

const looks: Readonly<Record<Reading["kind"], Look>> = {
  stopped: {
    tone: "bad",
    glyph: "stop",
    // What to change stands on the card beside the picture.
    actions: backToStart,
    advises: true,
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
  advice: {
    tone: "warn",
    glyph: "advice",
    actions: remediesOf,
    dismiss: ({ dismissFinding }) => dismissFinding(),
    advises: true,
  },
  running: { tone: "", glyph: "play", actions: none },
  ready: { tone: "", glyph: "play", actions: none },
  paused: { tone: "", glyph: "pause", actions: none },
  ended: {
    tone: "",
    glyph: "information",
    actions: backToStart,
  },
};

/** The numbers of a finding change all the time; its buttons must stay where they are pressed. */
const sameActions = (before: readonly Action[], after: readonly Action[]): boolean =>
  before.length === after.length && before.every(({ label }, index) => label === after[index]?.label);

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
  const { finding, dismiss } = createDiagnosis(playground);
  const context: Context = { ...playground, finding, dismissFinding: dismiss };
  const reading = createMemo(() =>
    readingOf({
      nonFinite: trainer.broke() ?? trainer.nonFinite(),
      asksTestAgain: asksTestAgain(),
      testsUsed: testsUsed(),
      missingFile: missingFile(),
      progress: trainer.progress(),
      notice: trainer.notice(),
      test: trainer.test(),
      preparing: trainer.preparing(),
      failed: trainer.failed(),
      playing: trainer.playing(),
      stopped: trainer.stopped(),
      step: trainer.step(),
      summary: trainer.summary(),
      readings: trainer.readings(),
      finding: finding(),
    }),
  );
  const kind = createMemo(() => reading().kind);
  const look = () => looks[kind()];
  const actions = createMemo(() => look().actions(context), [], { equals: sameActions });
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
          <Show when={kind() === "advice" && actions().length > 0}>
            <span class="try">Try</span>
          </Show>
          <For each={actions()}>
            {(action) => (
              <button type="button" class="btn" onClick={() => action.run()}>
                {action.label}
              </button>
            )}
          </For>
        </div>
        <div class="put">
          <Show when={look().advises && finding()}>
            {(said) => (
              <Popover label="Why" glyph="information">
                {() => <p class="why">{said().reason}</p>}
              </Popover>
            )}
          </Show>
          <Show when={look().dismiss}>
            {(put) => (
              <button type="button" class="btn ico" aria-label="Dismiss" onClick={() => put()(context)}>
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
