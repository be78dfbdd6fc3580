import { createMemo, createSignal, createUniqueId, For, Show, Suspense } from "solid-js";
import { Dynamic } from "solid-js/web";
import { formatCount } from "../../lib/format.ts";
import { presets } from "../../session/presets/index.ts";
import { currentPreset } from "../currentPreset.ts";
import { usePlayground } from "../playground.ts";
import "../styles/view.css";
import { type Panel, panels } from "./panels.ts";
import { Results } from "./Results.tsx";
import type { ViewDefinition } from "./view.tsx";
import { viewOf } from "./views.ts";

/** The picture of the task: what the model has learned by now, and how well it does. Panels beside it look deeper. */
export function TaskFigure() {
  const { trainer } = usePlayground();
  const [panel, setPanel] = createSignal<Panel>();
  const definition = createMemo(() => {
    const view = trainer.view();
    return view === undefined ? undefined : viewOf(view);
  });
  return (
    <>
      <header class="tabs">
        <h2 class="sr">Task view</h2>
        <Tabs picture={definition()?.label ?? "Picture"} panel={panel()} onChange={setPanel} />
        <span class="end">
          <Show when={trainer.view()}>{(view) => <>step {formatCount(view().step)}</>}</Show>
        </span>
      </header>
      <div class="stage">
        <Show when={panel()} fallback={<Picture definition={definition()} />}>
          {(shown) => (
            <Suspense>
              <Dynamic component={shown().Body} />
            </Suspense>
          )}
        </Show>
      </div>
    </>
  );
}

interface TabsProps {
  /** Name of the task's picture. */
  readonly picture: string;
  /** None: the picture. */
  readonly panel: Panel | undefined;
  readonly onChange: (panel: Panel | undefined) => void;
}

/** What the stage shows, one of a few: radio buttons that look like tabs. */
function Tabs(props: TabsProps) {
  const name = createUniqueId();
  const choices: readonly (Panel | undefined)[] = [undefined, ...panels];
  return (
    <div class="tab-list" role="radiogroup" aria-label="Task view">
      <For each={choices}>
        {(choice) => (
          <label class="tab">
            <input type="radio" name={name} checked={props.panel === choice} onChange={() => props.onChange(choice)} />
            {choice?.label ?? props.picture}
          </label>
        )}
      </For>
    </div>
  );
}

/** The task's picture with its results and legend. */
function Picture(props: { readonly definition: ViewDefinition | undefined }) {
  const { trainer } = usePlayground();
  return (
    <div class="panel">
      <Show when={props.definition} fallback={<p class="map empty">The picture comes with the first evaluation.</p>}>
        {(shown) => (
          <Show when={trainer.view()}>
            {(view) => (
              <figure class="map" aria-label={shown().label}>
                <Dynamic component={shown().Body} view={view()} summary={trainer.summary()} />
                <figcaption class="sr">{shown().describe(view())}</figcaption>
              </figure>
            )}
          </Show>
        )}
      </Show>
      <div class="side">
        <Results />
        <Show when={props.definition}>
          {(shown) => (
            <Show when={trainer.view()}>
              {(view) => <Dynamic component={shown().Legend} view={view()} summary={trainer.summary()} />}
            </Show>
          )}
        </Show>
        <Purpose />
      </div>
    </div>
  );
}

/** What a ready-made run is for, and what to try with it: a first visit starts with one. */
function Purpose() {
  const { store } = usePlayground();
  const preset = createMemo(() => presets[currentPreset(store.config()) ?? ""]);
  return (
    <Show when={preset()}>
      {(shown) => (
        <div class="purpose">
          <p>{shown().purpose}</p>
          <p>
            <b>Try:</b> {shown().try}
          </p>
        </div>
      )}
    </Show>
  );
}
