import { For, onMount, Show } from "solid-js";
import { formatCount, formatMeasure, formatPercent } from "../../lib/format.ts";
import { Icon } from "../Icon.tsx";
import { differences } from "./differences.ts";
import { secondsText } from "./RunRow.tsx";
import type { RunRecord } from "./record.ts";
import { Sparkline } from "./Sparkline.tsx";

const results: readonly { readonly label: string; readonly text: (run: RunRecord) => string }[] = [
  { label: "best validation loss", text: ({ best }) => formatMeasure(best?.loss) },
  { label: "at step", text: ({ best }) => formatCount(best?.step) },
  { label: "accuracy there", text: ({ best }) => formatPercent(best?.accuracy ?? undefined) },
  { label: "steps", text: ({ steps }) => formatCount(steps) },
  { label: "time of training", text: ({ seconds }) => secondsText(seconds) },
  { label: "device", text: ({ device }) => device },
  { label: "note", text: ({ note }) => note || "–" },
];

export interface CompareDialogProps {
  readonly left: RunRecord;
  /** Every run that it can be compared with. */
  readonly others: readonly RunRecord[];
  readonly right: RunRecord;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** Two runs side by side: results, and the settings that differ. */
export function CompareDialog(props: CompareDialogProps) {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  return (
    <dialog ref={dialog} class="compare" aria-labelledby="compare-title" onClose={() => props.onClose()}>
      <div class="head">
        <h2 id="compare-title">Two runs side by side</h2>
        <button type="button" class="btn ico" aria-label="Close" onClick={() => dialog?.close()}>
          <Icon glyph="close" />
        </button>
      </div>
      <section class="scroller" tabindex="0" aria-label="Comparison">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="sr">What</span>
              </th>
              <th scope="col">{props.left.name}</th>
              <th scope="col">
                <select
                  aria-label="Other run"
                  value={props.right.id}
                  onChange={(event) => props.onChoose(event.currentTarget.value)}
                >
                  <For each={props.others}>
                    {(run) => (
                      <option value={run.id} selected={run.id === props.right.id}>
                        {run.name}
                      </option>
                    )}
                  </For>
                </select>
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">validation loss</th>
              <td>
                <Sparkline run={props.left} />
              </td>
              <td>
                <Sparkline run={props.right} />
              </td>
            </tr>
            <For each={results}>
              {({ label, text }) => (
                <tr>
                  <th scope="row">{label}</th>
                  <td>{text(props.left)}</td>
                  <td>{text(props.right)}</td>
                </tr>
              )}
            </For>
            <tr class="part">
              <th scope="rowgroup" colspan={3}>
                <Show when={differences(props.left.config, props.right.config).length > 0} fallback="The same settings">
                  Settings that differ
                </Show>
              </th>
            </tr>
            <For each={differences(props.left.config, props.right.config)}>
              {({ label, before, after }) => (
                <tr>
                  <th scope="row">{label}</th>
                  <td>{before}</td>
                  <td>{after}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </dialog>
  );
}
