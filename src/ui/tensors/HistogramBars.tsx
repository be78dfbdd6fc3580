import { HISTOGRAM_BINS, type Histogram } from "../../session/measurements.ts";
import { barsPath, describeHistogram, heights } from "./histogram.ts";

const BAR = 2;
const HEIGHT = 24;
const WIDTH = HISTOGRAM_BINS * BAR;
const HALF = HISTOGRAM_BINS / 2;

/** Negative values to the left, positive ones to the right, the smallest in the middle; sizes on a log scale. */
export function HistogramBars(props: { readonly of: string; readonly histogram: Histogram }) {
  const shares = () => heights(props.histogram.counts);
  const path = (from: number) => barsPath(shares().slice(from, from + HALF), { width: BAR, height: HEIGHT, from });
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${props.of}: ${describeHistogram(props.histogram)}`}
    >
      <path class="axis" d={`M0,${HEIGHT}H${WIDTH}M${WIDTH / 2},0V${HEIGHT}`} vector-effect="non-scaling-stroke" />
      <path class="negative" d={path(0)} />
      <path class="positive" d={path(HALF)} />
    </svg>
  );
}
