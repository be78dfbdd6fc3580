import { For } from "solid-js";
import { stepRows } from "../../bench/analysis.ts";
import type { Spread } from "../../bench/clock.ts";
import type { Report } from "../../bench/report.ts";
import { formatMeasured } from "../../bench/wording.ts";
import { formatCount } from "../../lib/format.ts";

/** The numbers of the plot above. */
export function StepTable(props: { readonly report: Report; readonly width: number }) {
  const rows = () => stepRows(props.report, props.width);
  return (
    <table class="results" hidden={rows().length === 0}>
      <caption class="sr">Time of one training step in milliseconds, by batch size</caption>
      <thead>
        <tr>
          <th scope="col">Batch</th>
          <th scope="col">CPU ms</th>
          <th scope="col" class="range">
            10th to 90th
          </th>
          <th scope="col">GPU ms</th>
          <th scope="col" class="range">
            10th to 90th
          </th>
          <th scope="col">CPU ÷ GPU</th>
        </tr>
      </thead>
      <tbody>
        <For each={rows()}>
          {({ batch, cpu, webgpu, speedUp }) => (
            <tr>
              <th scope="row">{formatCount(batch)}</th>
              <SpreadCells spread={cpu?.ms} />
              <SpreadCells spread={webgpu?.ms} />
              <td>{formatMeasured(speedUp, 2)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function SpreadCells(props: { readonly spread: Spread | undefined }) {
  const range = () => {
    const { spread } = props;
    return spread === undefined ? "–" : `${formatMeasured(spread.low)} – ${formatMeasured(spread.high)}`;
  };
  return (
    <>
      <td>{formatMeasured(props.spread?.median)}</td>
      <td class="dim range">{range()}</td>
    </>
  );
}
