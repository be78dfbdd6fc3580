import { createMemo, For, onMount, Show } from "solid-js";
import { formatCount, formatMeasure, formatPercent } from "../../lib/format.ts";
import { Icon } from "../Icon.tsx";
import { CompareCurves } from "./CompareCurves.tsx";
import { differences } from "./differences.ts";
import { Swatch } from "./RunRow.tsx";
import type { RunRecord } from "./record.ts";
import { secondsText } from "./wording.ts";

interface Result {
  readonly label: string;
  readonly text: (run: RunRecord) => string;
  /** Whether a run is better in this than the other. */
  readonly better?: (run: RunRecord, other: RunRecord) => boolean;
}

const results: readonly Result[] = [
  {
    label: "best validation loss",
    text: ({ best }) => formatMeasure(best?.loss),
    better: (run, other) => run.best !== null && other.best !== null && run.best.loss < other.best.loss,
  },
  { label: "at step", text: ({ best }) => formatCount(best?.step) },
  {
    label: "accuracy there",
    text: ({ best }) => formatPercent(best?.accuracy ?? undefined),
    better: (run, other) => (run.best?.accuracy ?? 0) > (other.best?.accuracy ?? 1),
  },
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
  /** The run on screen: it has the first colour. */
  readonly frontId: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** Two runs side by side: results, and the settings that differ. */
export function CompareDialog(props: CompareDialogProps) {
  let dialog: HTMLDialogElement | undefined;
  const seriesOf = (run: RunRecord) => (run.id === props.frontId ? 1 : run.series);
  const found = createMemo(() => differences(props.left.config, props.right.config));
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
        <CompareCurves runs={[props.left, props.right]} seriesOf={seriesOf} />
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="sr">What</span>
              </th>
              <th scope="col">
                <Swatch series={seriesOf(props.left)} />
                <span class="who">{props.left.name}</span>
              </th>
              <th scope="col">
                <Swatch series={seriesOf(props.right)} />
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
            <For each={results}>
              {({ label, text, better }) => (
                <tr>
                  <th scope="row">{label}</th>
                  <td classList={{ best: better?.(props.left, props.right) === true }}>{text(props.left)}</td>
                  <td classList={{ best: better?.(props.right, props.left) === true }}>{text(props.right)}</td>
                </tr>
              )}
            </For>
            <tr class="part">
              <th scope="rowgroup" colspan={3}>
                <Show when={found().length > 0} fallback="The same settings">
                  Settings that differ
                </Show>
              </th>
            </tr>
            <For each={found()}>
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
