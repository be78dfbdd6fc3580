import { Show } from "solid-js";
import { formatCount, formatCounted, formatMeasure, formatPercent } from "../../lib/format.ts";
import { usePlayground } from "../playground.ts";

/** How well the model does on each split, measured on all of it. */
export function Results() {
  const { trainer, testsUsed, askTest } = usePlayground();
  const uses = () => (testsUsed() === 0 ? "not used yet" : `used ${formatCounted(testsUsed(), "time")}`);
  const counts = () => trainer.summary()?.counts;
  const kept = () => counts()?.test ?? 0;
  return (
    <div class="results">
      <table class="pairs">
        <thead>
          <tr>
            <th scope="col">Split</th>
            <th scope="col">Train</th>
            <th scope="col">Validation</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Loss</th>
            <td>{formatMeasure(trainer.readings().train?.loss)}</td>
            <td>{formatMeasure(trainer.readings().validation?.loss)}</td>
          </tr>
          <Show when={trainer.summary()?.task !== "regression"}>
            <tr>
              <th scope="row">Accuracy</th>
              <td>{formatPercent(trainer.readings().train?.accuracy)}</td>
              <td>{formatPercent(trainer.readings().validation?.accuracy)}</td>
            </tr>
          </Show>
          <tr>
            <th scope="row">Examples</th>
            <td>{formatCount(counts()?.train)}</td>
            <td>{formatCount(counts()?.validation)}</td>
          </tr>
        </tbody>
      </table>
      <button type="button" class="btn" disabled={kept() === 0} onClick={askTest}>
        Evaluate test split
      </button>
      <Show when={counts()}>
        <p class="note">
          {kept() === 0
            ? "No example is kept aside: give the test split a share under Data."
            : `${formatCounted(kept(), "example")} kept aside, ${uses()}.`}
        </p>
      </Show>
    </div>
  );
}
