import { Index } from "solid-js";
import { formatCount } from "../../lib/format.ts";
import type { Precision } from "../../session/config.ts";
import type { GradientRange, GradientRanges } from "../../session/ranges.ts";
import { Axis } from "./Axis.tsx";
import { barsPath, heights } from "./histogram.ts";
import { describeOctaves, octaveMarks } from "./octaves.ts";
import { formatShare } from "./share.ts";
import { TensorName } from "./TensorName.tsx";

const BAR = 2;
const HEIGHT = 24;

interface RangeTableProps {
  readonly ranges: GradientRanges;
  readonly precision: Precision;
}

/** What half precision does to the gradients, a row per tensor. */
export function RangeTable(props: RangeTableProps) {
  return (
    <table class="measured by-range">
      <caption>
        Gradients in {props.precision}{" "}
        <span class="dim3">
          loss scale {formatCount(props.ranges.lossScale)}; of all gradients {formatShare(props.ranges.underflow)}{" "}
          become 0, {formatShare(props.ranges.overflow)} infinite
        </span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Gradient of</th>
          <th scope="col">Become 0</th>
          <th scope="col">Become infinite</th>
          <th scope="col">
            Sizes <span class="dim3">powers of 2, with the loss scale</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <Index each={props.ranges.gradients}>{(range) => <RangeRow range={range()} />}</Index>
      </tbody>
      <tfoot>
        <tr>
          <td />
          <td />
          <td />
          <td>
            <Axis marks={octaveMarks} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function RangeRow(props: { readonly range: GradientRange }) {
  const width = () => props.range.octaves.length * BAR;
  return (
    <tr>
      <th scope="row">
        <TensorName name={props.range.name} />
      </th>
      <td>
        <b>{formatShare(props.range.underflow)}</b>
      </td>
      <td>
        <b>{formatShare(props.range.overflow)}</b>
      </td>
      <td>
        <svg
          class="bars"
          viewBox={`0 0 ${width()} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={describeOctaves(props.range.octaves)}
        >
          <path class="axis" d={`M0,${HEIGHT}H${width()}`} vector-effect="non-scaling-stroke" />
          <path class="size" d={barsPath(heights(props.range.octaves), { width: BAR, height: HEIGHT })} />
        </svg>
      </td>
    </tr>
  );
}
