import { Index, Show } from "solid-js";
import { formatCount, formatPercent } from "../../lib/format.ts";
import { activations, type LayerConfig } from "../../session/config.ts";
import type { LayerMeasurements } from "../../session/measurements.ts";
import { Icon } from "../Icon.tsx";
import { Axis, signedMarks } from "./Axis.tsx";
import { HistogramBars } from "./HistogramBars.tsx";

/** From here on, dead units are marked. */
const MANY_DEAD = 0.25;

/** "Hidden 1, 8 tanh"; of a layer that the configuration no longer has, only its number. */
function labelOf(index: number, layer: LayerConfig | undefined): string {
  const kind = layer === undefined ? "" : `, ${formatCount(layer.width)} ${activations[layer.activation].label}`;
  return `Hidden ${index + 1}${kind}`;
}

interface LayerTableProps {
  readonly measured: readonly LayerMeasurements[];
  readonly layers: readonly LayerConfig[];
}

/** A row per hidden layer. */
export function LayerTable(props: LayerTableProps) {
  return (
    <table class="measured by-layer">
      <caption>Hidden layers</caption>
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">Dead units</th>
          <th scope="col">
            Activations <span class="dim3">values</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <Index each={props.measured}>
          {(layer, index) => (
            <tr>
              <th scope="row">{labelOf(index, props.layers[index])}</th>
              <td class="dead">
                <Show when={layer().deadUnits >= MANY_DEAD}>
                  <Icon glyph="advice" />
                </Show>
                <b>{formatPercent(layer().deadUnits)}</b>
              </td>
              <td>
                <HistogramBars of="Activations" histogram={layer().activations} />
              </td>
            </tr>
          )}
        </Index>
      </tbody>
      <tfoot>
        <tr>
          <td />
          <td />
          <td>
            <Axis marks={signedMarks} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
