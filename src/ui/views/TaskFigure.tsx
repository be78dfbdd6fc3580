import { createMemo, Show } from "solid-js";
import { Dynamic } from "solid-js/web";
import { formatCount } from "../../lib/format.ts";
import { usePlayground } from "../playground.ts";
import "../styles/view.css";
import * as registry from "./index.ts";
import { Results } from "./Results.tsx";
import type { ViewDefinition, ViewKind } from "./view.tsx";

/** Every kind of picture that a worker can send has a definition. */
const views: Readonly<Record<ViewKind, ViewDefinition>> = { ...registry };

/** The picture of the task: what the model has learned by now, and how well it does. */
export function TaskFigure() {
  const { trainer } = usePlayground();
  const definition = createMemo(() => {
    const view = trainer.view();
    return view === undefined ? undefined : views[view.kind];
  });
  return (
    <>
      <header class="tabs">
        <h2>{definition()?.label ?? "Picture"}</h2>
        <span class="end">
          <Show when={trainer.view()}>{(view) => <>step {formatCount(view().step)}</>}</Show>
        </span>
      </header>
      <div class="stage">
        <div class="panel">
          <Show when={definition()} fallback={<p class="map empty">The picture comes with the first evaluation.</p>}>
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
            <Show when={definition()}>
              {(shown) => (
                <Show when={trainer.view()}>
                  {(view) => <Dynamic component={shown().Legend} view={view()} summary={trainer.summary()} />}
                </Show>
              )}
            </Show>
          </div>
        </div>
      </div>
    </>
  );
}
