import { createMemo, Index, Show } from "solid-js";
import { formatMeasure } from "../../lib/format.ts";
import type { Measurements, TensorMeasurements } from "../../session/measurements.ts";
import type { MeasuredPoint } from "../../session/metrics.ts";
import type { Broke } from "../../session/nonFinite.ts";
import { Icon } from "../Icon.tsx";
import { Axis, signedMarks } from "./Axis.tsx";
import { HistogramBars } from "./HistogramBars.tsx";
import { RatioGauge } from "./RatioGauge.tsx";
import { sparkPath } from "./sparkline.ts";
import { TensorName } from "./TensorName.tsx";
import { troubleOf } from "./trouble.ts";

const SPARK = { width: 64, height: 20 };

interface TensorTableProps {
  readonly measurements: Measurements;
  /** What was measured so far, oldest first, thinned for a small curve. */
  readonly past: readonly MeasuredPoint[];
  /** Where the run stopped as numbers were not finite any more, if it did. */
  readonly broke: Broke | undefined;
}

/** A row per parameter tensor. */
export function TensorTable(props: TensorTableProps) {
  return (
    <table class="measured by-tensor">
      <caption>Parameters</caption>
      <thead>
        <tr>
          <th scope="col">Tensor</th>
          <th scope="col">
            Weights <span class="dim3">norm, values</span>
          </th>
          <th scope="col">
            Gradients <span class="dim3">norm, values</span>
          </th>
          <th scope="col">Norm so far</th>
          <th scope="col">Update / weight</th>
        </tr>
      </thead>
      <tbody>
        <Index each={props.measurements.tensors}>{(tensor) => <TensorRow tensor={tensor()} {...props} />}</Index>
      </tbody>
      <tfoot>
        <tr>
          <td />
          <td>
            <span class="normed">
              <span />
              <Axis marks={signedMarks} />
            </span>
          </td>
          <td>
            <span class="normed">
              <span />
              <Axis marks={signedMarks} />
            </span>
          </td>
          <td />
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

function TensorRow(props: TensorTableProps & { readonly tensor: TensorMeasurements }) {
  const name = () => props.tensor.name;
  const gradNorms = () =>
    props.past.map(({ tensors }) => tensors.find((tensor) => tensor.name === name())?.gradNorm ?? Number.NaN);
  const trouble = createMemo(() => troubleOf(props.tensor, props.measurements, props.broke));
  return (
    <tr classList={{ troubled: trouble() !== undefined }}>
      <th scope="row">
        <TensorName name={name()} />
        <Show when={trouble()}>
          {(found) => (
            <span class="trouble" data-kind={found().glyph}>
              <Icon glyph={found().glyph} /> {found().text}
            </span>
          )}
        </Show>
      </th>
      <td>
        <span class="normed">
          <b>{formatMeasure(props.tensor.weightNorm)}</b>
          <HistogramBars of="Weights" histogram={props.tensor.weights} />
        </span>
      </td>
      <td>
        <span class="normed">
          <b>{formatMeasure(props.tensor.gradNorm)}</b>
          <HistogramBars of="Gradients" histogram={props.tensor.gradients} />
        </span>
      </td>
      <td>
        <Spark values={gradNorms()} />
      </td>
      <td>
        <RatioGauge name={name()} ratio={props.tensor.updateRatio} />
      </td>
    </tr>
  );
}

/** A small curve on a log scale; in words, where it began and where it is. */
function Spark(props: { readonly values: readonly number[] }) {
  const path = () => sparkPath(props.values, SPARK);
  const words = () => `from ${formatMeasure(props.values[0])} to ${formatMeasure(props.values.at(-1))}`;
  return (
    <Show when={path() !== ""} fallback={<span class="dim3">–</span>}>
      <svg
        class="spark"
        viewBox={`-1 -2 ${SPARK.width + 2} ${SPARK.height + 4}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words()}
      >
        <path d={path()} vector-effect="non-scaling-stroke" />
      </svg>
    </Show>
  );
}
