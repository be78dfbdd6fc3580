import { formatSetting } from "../../lib/format.ts";
import type { MeasuredPoint } from "../../session/metrics.ts";
import { definePlot, lineOf, pointSeries } from "./plot.ts";

/** Length of the last update over that of the weights before it, all tensors together but those that were all 0. */
function ratioOf({ tensors }: MeasuredPoint): number | undefined {
  const known = tensors.filter(({ updateRatio }) => Number.isFinite(updateRatio));
  if (known.length === 0) return undefined;
  const weights = Math.hypot(...known.map(({ weightNorm }) => weightNorm));
  const update = Math.hypot(...known.map(({ weightNorm, updateRatio = 0 }) => updateRatio * weightNorm));
  return update / weights;
}

const known = (measured: readonly MeasuredPoint[]) => measured.filter((each) => ratioOf(each) !== undefined);

/** Update over weight; about a thousandth is healthy. http://cs231n.github.io/neural-networks-3/#ratio */
export const updateRatio = definePlot({
  label: "Update/weight",
  weight: 1,
  axis: "log",
  order: 4,
  isMeasured: true,
  tick: (value) => formatSetting(value),
  empty: "Measured while the run trains and this is in view.",
  readings: [
    {
      name: "Update to weight ratio",
      format: (value) => formatSetting(value, 2),
      value: (_, { history }) => {
        const newest = known(history.measured).at(-1);
        return newest && ratioOf(newest);
      },
      series: ({ history }) => pointSeries(known(history.measured), ratioOf),
    },
  ],
  picture: ({ history }, { points, fromStep = 0, toStep = Number.POSITIVE_INFINITY }) => {
    const inside = known(history.measured).filter(({ step }) => step >= fromStep && step <= toStep);
    const every = Math.max(1, Math.ceil(inside.length / points));
    const thinned = inside.filter((_, index) => (inside.length - 1 - index) % every === 0);
    return {
      lines: [{ ...lineOf(thinned, ratioOf), token: "--ink-2", width: 1.5, dot: true }],
      healthy: [3e-4, 3e-3],
      guides: inside.length === 0 ? [] : [{ value: 1e-3, label: "" }],
    };
  },
});
