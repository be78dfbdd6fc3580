import { createSignal, createUniqueId, For, lazy, Show } from "solid-js";
import { Portal } from "solid-js/web";
import { Icon } from "../Icon.tsx";
import { usePlayground } from "../playground.ts";
import "../styles/runs.css";
import { Changes } from "./Changes.tsx";
import type { Runs } from "./createRuns.ts";
import { MAX_FILE } from "./files.ts";
import { Removed } from "./Removed.tsx";
import { RunsTable } from "./RunsTable.tsx";
import { saveText } from "./saveText.ts";

const CompareDialog = lazy(async () => ({ default: (await import("./CompareDialog.tsx")).CompareDialog }));

/** The choice of the run that all others are compared with, and the view of two. */
function Compare(props: { readonly runs: Runs }) {
  const id = createUniqueId();
  const [other, setOther] = createSignal<string>();
  const [open, setOpen] = createSignal(false);
  const all = () => props.runs.groups().flatMap(({ runs }) => runs);
  const candidates = () => all().filter((run) => run.id !== props.runs.compared()?.id);
  const right = () => candidates().find((run) => run.id === other()) ?? candidates()[0];
  const both = () => {
    const [a, b] = [props.runs.compared(), right()];
    return open() && a !== undefined && b !== undefined ? { a, b } : undefined;
  };
  return (
    <Show when={candidates().length > 0}>
      <label class="dim3 with" for={id}>
        Compare with
      </label>
      <select id={id} onChange={(event) => props.runs.compareWith(event.currentTarget.value || undefined)}>
        <option value="">the run on screen</option>
        <For each={props.runs.others()}>
          {(run) => (
            <option value={run.id} selected={run.id === props.runs.compared()?.id}>
              {run.name}
            </option>
          )}
        </For>
      </select>
      <button type="button" class="btn bare" onClick={() => setOpen(true)}>
        Side by side
      </button>
      <Show when={both()}>
        {(pair) => (
          <Portal>
            <CompareDialog
              left={pair().a}
              right={pair().b}
              others={candidates()}
              frontId={props.runs.front()?.id}
              onChoose={setOther}
              onClose={() => setOpen(false)}
            />
          </Portal>
        )}
      </Show>
    </Show>
  );
}

/** Runs into a file and out of one, and away with all of them. */
function Files(props: { readonly runs: Runs }) {
  const { trainer } = usePlayground();
  let input: HTMLInputElement | undefined;
  const all = () => props.runs.groups().flatMap(({ runs }) => runs);
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    if (file.size > MAX_FILE) {
      trainer.report("file", `Runs file: got ${file.size} bytes, expected at most ${MAX_FILE}. Nothing was imported.`);
      return;
    }
    props.runs.importText(await file.text());
  };
  return (
    <>
      <button
        type="button"
        class="btn ico"
        aria-label="Import runs"
        title="Import runs from a file"
        onClick={() => input?.click()}
      >
        <Icon glyph="upload" />
      </button>
      <button
        type="button"
        class="btn ico"
        aria-label="Export all runs"
        title="Export all runs as a file"
        disabled={all().length === 0}
        onClick={() => saveText("downhill-runs.json", props.runs.exported(all()))}
      >
        <Icon glyph="download" />
      </button>
      <button
        type="button"
        class="btn ico"
        aria-label="Delete all runs"
        title="Delete all runs but the one on screen"
        disabled={props.runs.others().length === 0}
        onClick={() => props.runs.remove(props.runs.others().map((run) => run.id))}
      >
        <Icon glyph="trash" />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,application/json"
        aria-label="Runs file"
        onChange={(event) => {
          read(event.currentTarget.files?.[0]);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

const foldedKey = "downhill.runs.folded";

function storedFold(): boolean {
  try {
    return localStorage.getItem(foldedKey) === "yes";
  } catch {
    return false;
  }
}

/** The runs of this browser: a header that folds, and the table. */
export function RunsSection(props: { readonly runs: Runs }) {
  const [folded, setFolded] = createSignal(storedFold());
  const fold = () => {
    setFolded(!folded());
    try {
      localStorage.setItem(foldedKey, folded() ? "yes" : "no");
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  };
  const count = () => props.runs.others().length;
  return (
    <section class="runs" aria-label="Runs">
      <header>
        <h2>Runs</h2>
        <Show
          when={props.runs.removed()}
          fallback={
            <span class="dim3 kept">
              {count() === 0 ? "none kept yet" : `${count()} kept`}
              <Show when={count() > 0}>
                <span class="where"> in this browser</span>
              </Show>
            </span>
          }
        >
          {(removed) => (
            <Removed
              text={removed().text}
              onUndo={() => removed().undo()}
              onDismiss={() => props.runs.dismissRemoved()}
            />
          )}
        </Show>
        <span class="choices">
          <Show when={props.runs.solo()}>
            <button type="button" class="btn" onClick={() => props.runs.setSolo(undefined)}>
              End solo
            </button>
          </Show>
          <Show when={count() > 0}>
            <button
              type="button"
              class="btn bare"
              aria-pressed={props.runs.grouped()}
              title="Runs that differ in nothing but seeds as one, with a band in the plot"
              onClick={() => props.runs.setGrouped(!props.runs.grouped())}
            >
              Group seeds
            </button>
          </Show>
          <Compare runs={props.runs} />
        </span>
        <span class="files">
          <Changes />
          <Files runs={props.runs} />
        </span>
        <span class="folds">
          <button
            type="button"
            class="btn ico fold"
            aria-expanded={!folded()}
            aria-label="Table of runs"
            onClick={fold}
          >
            <Icon glyph="chevron" />
          </button>
        </span>
      </header>
      <Show when={!folded()}>
        <section class="scroller" tabindex="0" aria-label="Kept runs">
          <RunsTable runs={props.runs} />
        </section>
      </Show>
    </section>
  );
}
