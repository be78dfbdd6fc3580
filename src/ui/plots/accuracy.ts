import { formatPercent, formatSetting } from "../../lib/format.ts";
import { definePlot, lineOf, pointSeries } from "./plot.ts";

/** Fraction of examples that are classified right, on both splits. */
export const accuracy = definePlot({
  label: "Accuracy",
  weight: 1,
  axis: "linear",
  order: 2,
  tick: (fraction) => formatSetting(100 * fraction),
  applies: (task) => task !== "regression",
  empty: "The first point comes with the first evaluation.",
  readings: [
    {
      name: "Training accuracy",
      token: "--ink-2",
      format: formatPercent,
      value: (readings) => readings.train?.accuracy,
      series: ({ history }) => pointSeries(history.train, (evaluation) => evaluation.accuracy),
    },
    {
      name: "Validation accuracy",
      token: "--ball",
      format: formatPercent,
      value: (readings) => readings.validation?.accuracy,
      series: ({ history }) => pointSeries(history.validation, (evaluation) => evaluation.accuracy),
    },
  ],
  picture: ({ history }, { points, smoothing: _, ...range }) => {
    const line = (split: "train" | "validation") =>
      lineOf(history.evaluations(split, "accuracy", points, range), (evaluation) => evaluation.accuracy);
    return {
      lines: [
        { ...line("train"), token: "--ink-2", width: 1.5, dot: true },
        { ...line("validation"), token: "--ball", width: 2, dot: true },
      ],
    };
  },
});
