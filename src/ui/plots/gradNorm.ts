import { formatPercent, formatReading, formatSetting } from "../../lib/format.ts";
import type { MeasuredPoint } from "../../session/metrics.ts";
import { columnSeries, definePlot, lineOf, type PictureLine } from "./plot.ts";

/** The layer that a tensor belongs to: its name without the last part. */
const layerOf = (tensor: string): string => tensor.slice(0, tensor.lastIndexOf("."));

/** Gradient norm of each layer over the steps that were measured. */
function layerLines(measured: readonly MeasuredPoint[]): readonly PictureLine[] {
  const names = [...new Set(measured.at(-1)?.tensors.map(({ name }) => layerOf(name)))];
  const normOf = ({ tensors }: MeasuredPoint, layer: string) =>
    Math.hypot(...tensors.filter(({ name }) => layerOf(name) === layer).map(({ gradNorm }) => gradNorm));
  return names.map((layer, index) => ({
    ...lineOf(measured, (each) => normOf(each, layer)),
    ...{ token: "--ink-3", width: 1, opacity: 0.5 },
    // Of a single point there is no line yet
    ...(measured.length > 1 && { label: String(index + 1) }),
  }));
}

/** Measurements drawn per layer: every so many, so that there are at most this many. */
const mostMeasured = 128;

/** Global L2 norm of the gradient before clipping, what clipping leaves of it, and the norm of each layer. */
export const gradNorm = definePlot({
  label: "Gradient norm",
  weight: 2,
  axis: "chosen",
  order: 1,
  isMeasured: true,
  empty: "The first point comes with the first step.",
  readings: [
    {
      name: "Gradient norm",
      label: "global",
      format: formatReading,
      value: (readings) => readings.gradNorm,
      series: ({ history }) => columnSeries(history.step, history.gradNorm),
    },
    {
      name: "Clipped steps",
      label: "clipped",
      format: formatPercent,
      applies: ({ clips }) => clips,
      value: (_, { history }) => history.window(1).clipRate[0],
      series: ({ history }) => ({
        ...columnSeries(history.step, history.clipFactor),
        valueAt: (index) => Number((history.clipFactor[index] ?? 1) < 1),
      }),
    },
    {
      name: "Clipped elements",
      label: "of elements",
      format: formatPercent,
      applies: ({ clips, clipNorm }) => clips && clipNorm === undefined,
      value: (_, { history }) => 1 - (history.clipFactor.at(-1) ?? Number.NaN),
      series: ({ history }) => ({
        ...columnSeries(history.step, history.clipFactor),
        valueAt: (index) => 1 - (history.clipFactor[index] ?? Number.NaN),
      }),
    },
  ],
  picture: ({ history, clipNorm }, { points, smoothing: _, ...range }) => {
    const { step: x, gradNorm: y, gradNormMin: low, gradNormMax: high } = history.window(points, range);
    const { fromStep = 0, toStep = Number.POSITIVE_INFINITY } = range;
    const inside = history.measured.filter(({ step }) => step >= fromStep && step <= toStep);
    const every = Math.ceil(inside.length / mostMeasured);
    return {
      band: { x, low, high },
      lines: [
        ...layerLines(inside.filter((_each, index) => (inside.length - 1 - index) % every === 0)),
        { x, y, token: "--ink-2", width: 1.5, dot: true },
      ],
      guides: clipNorm === undefined ? [] : [{ value: clipNorm, label: `clip ${formatSetting(clipNorm)}` }],
    };
  },
});
