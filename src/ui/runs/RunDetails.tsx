import { For, Show } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import { useTable } from "./context.ts";
import { firstSeries, lastSeries, type RunRecord } from "./record.ts";
import { saveText } from "./saveText.ts";
import { resultText } from "./wording.ts";

const series = Array.from({ length: lastSeries - firstSeries + 1 }, (_, index) => index + firstSeries);
const seriesNames = ["spruce", "indigo", "amber", "plum", "sky", "moss", "stone"] as const;

const dateFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** Everything about one run that has no column, and what can be done with it. */
export function RunDetails(props: { readonly run: RunRecord; readonly isFront: boolean }) {
  const { runs } = useTable();
  const isSolo = () => runs.solo() === props.run.id;
  const seeds = () => {
    const { data, model, compute } = props.run.config;
    return `${data.seed} for the data, ${model.seed} for the weights, ${compute.seed} for the batches`;
  };
  return (
    <div class="run-about">
      <div class="deeds">
        <Show when={!props.isFront}>
          <button type="button" class="btn" onClick={() => runs.load(props.run)}>
            Load these settings
          </button>
          <button
            type="button"
            class="btn"
            aria-pressed={isSolo()}
            onClick={() => runs.setSolo(isSolo() ? undefined : props.run.id)}
          >
            Solo
          </button>
        </Show>
        <button
          type="button"
          class="btn narrow"
          aria-pressed={props.run.starred}
          onClick={() => runs.change(props.run.id, { starred: !props.run.starred })}
        >
          Star
        </button>
        <button
          type="button"
          class="btn narrow"
          aria-pressed={props.run.pinned}
          onClick={() => runs.change(props.run.id, { pinned: !props.run.pinned })}
        >
          Pin
        </button>
        <button type="button" class="btn narrow" disabled={props.isFront} onClick={() => runs.remove([props.run.id])}>
          Delete
        </button>
        <button
          type="button"
          class="btn"
          onClick={() => saveText(`${props.run.name.replaceAll(/[^\w-]+/g, "-")}.json`, runs.exported([props.run]))}
        >
          Export
        </button>
        <Show when={!props.isFront}>
          <label class="hue">
            Colour
            <select
              value={props.run.series}
              onChange={(event) => runs.change(props.run.id, { series: Number(event.currentTarget.value) })}
            >
              <For each={series}>
                {(number, index) => (
                  <option value={number} selected={number === props.run.series}>
                    {seriesNames[index()]}
                  </option>
                )}
              </For>
            </select>
          </label>
        </Show>
      </div>
      <p class="note in-words">{resultText(props.run)}</p>
      <p class="note">
        Begun {dateFormat.format(props.run.created)}. Seeds: {seeds()}. {props.run.device}.
      </p>
      <Show when={props.run.markers.length > 0}>
        <p class="note">
          Changed on the way:{" "}
          {props.run.markers.map(({ step, label }) => `${label} at step ${formatCount(step)}`).join("; ")}.
        </p>
      </Show>
      <label class="jot">
        Note
        <textarea
          rows="2"
          maxlength="2000"
          value={props.run.note}
          onChange={(event) => runs.change(props.run.id, { note: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}
