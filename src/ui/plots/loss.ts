import { formatMeasure, formatReading } from "../../lib/format.ts";
import { columnSeries, definePlot, lineOf, type PictureLine, pointSeries } from "./plot.ts";
import { smooth } from "./smoothing.ts";

const ghostOpacity = 0.25;

/** Training loss of batches, smoothed over their range, and validation loss on the whole split with its best point. */
export const loss = definePlot({
  label: "Loss",
  weight: 3,
  axis: "chosen",
  order: 0,
  empty: "The first point comes with the first step.",
  readings: [
    {
      name: "Training loss",
      label: "train",
      token: "--ink-2",
      format: formatReading,
      value: (readings) => readings.loss,
      series: ({ history }) => columnSeries(history.step, history.loss),
    },
    {
      name: "Validation loss",
      label: "validation",
      token: "--ball",
      format: formatReading,
      value: (readings) => readings.validation?.loss,
      series: ({ history }) => pointSeries(history.validation, (evaluation) => evaluation.loss),
    },
  ],
  picture: ({ history, overlays }, { points, smoothing, ...range }) => {
    const { step: x, loss: y, lossMin: low, lossMax: high } = history.window(points, range);
    const ink = { x, token: "--ink-2" };
    const train: PictureLine = { ...ink, y: smooth(y, smoothing), width: 1.5, dot: true };
    const ghost: PictureLine = { ...ink, y, width: 1, opacity: ghostOpacity };
    const evaluated = lineOf(history.evaluations("validation", "loss", 2 * points, range), (each) => each.loss);
    const validation: PictureLine = { ...evaluated, token: "--ball", width: 2, dot: true };
    const others = overlays.map(
      ({ token, dash, title, points: curve }): PictureLine => ({
        ...lineOf(curve, (point) => point.loss),
        ...{ token, dash: dashOf(dash), width: 1.25, opacity: 0.8 },
        ...(title !== undefined && { title }),
      }),
    );
    const groups = overlays.flatMap(({ token, band, points: curve }) =>
      band === undefined
        ? []
        : [{ token, x: curve.map(({ step }) => step), low: band.map((at) => at.low), high: band.map((at) => at.high) }],
    );
    const { best } = history;
    return {
      band: { x, low, high },
      groups,
      lines: [...(smoothing > 0 ? [ghost] : []), ...others, train, validation],
      ...(best !== undefined &&
        history.validation.length > 1 && {
          gap: { fromStep: best.step, upper: validation, lower: train },
          best: { step: best.step, value: best.loss, label: `best ${formatMeasure(best.loss)}` },
        }),
    };
  },
});

/** A dash pattern as CSS writes it: `7 3`, or `none`. */
function dashOf(pattern: string): readonly number[] {
  return pattern
    .split(/[\s,]+/)
    .map(Number)
    .filter(Number.isFinite);
}
