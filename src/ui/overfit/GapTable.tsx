import { Show } from "solid-js";
import { formatCount, formatMeasure, formatSetting } from "../../lib/format.ts";
import type { Generalization } from "../../session/generalization.ts";

/** The gap between what was seen and what was not, in numbers. */
export function GapTable(props: { readonly found: Generalization | undefined }) {
  const growth = () => {
    const since = props.found?.growsSince;
    return since === undefined ? "no" : `since step ${formatCount(since)}`;
  };
  return (
    <section aria-label="Generalization gap">
      <table class="pairs gap">
        <caption class="sr">Mean loss of whole splits, and how far apart they are</caption>
        <tbody>
          <tr>
            <th scope="row">Training loss</th>
            <td>{formatMeasure(props.found?.train)}</td>
          </tr>
          <tr>
            <th scope="row">Validation loss</th>
            <td>{formatMeasure(props.found?.validation)}</td>
          </tr>
          <tr class="main">
            <th scope="row">Gap</th>
            <td>{formatMeasure(props.found?.gap)}</td>
          </tr>
          <tr>
            <th scope="row">Ratio</th>
            <td>{props.found?.ratio === undefined ? "–" : `${formatSetting(props.found?.ratio)} ×`}</td>
          </tr>
          <tr>
            <th scope="row">Gap grows</th>
            <td>{props.found === undefined ? "–" : growth()}</td>
          </tr>
          <tr>
            <th scope="row">Best validation</th>
            <td>
              <Show when={props.found} fallback="–">
                {(gap) => (
                  <>
                    {formatMeasure(gap().best.loss)} <small>step {formatCount(gap().best.step)}</small>
                  </>
                )}
              </Show>
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
