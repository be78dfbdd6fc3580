import { formatPercent, formatSetting } from "../../lib/format.ts";
import type { Evaluation } from "../../session/protocol.ts";
import { definePlot, lineOf, pointSeries } from "./plot.ts";
import type { PlotSource } from "./source.ts";

/** What a model does better than the best constant answer: 1 is perfect, 0 no better, below 0 worse. */
const explainedBy = ({ loss }: Evaluation, { guess = Number.NaN }: Pick<PlotSource, "guess">): number =>
  1 - loss / guess;

/** Fraction of the targets' spread that a regression explains, on both splits; under squared error it is R squared. */
export const explained = definePlot({
  label: "Explained",
  weight: 1,
  axis: "linear",
  order: 2,
  tick: (fraction) => formatSetting(100 * fraction),
  applies: (task, { guess }) => task === "regression" && guess !== undefined,
  empty: "The first point comes with the first evaluation.",
  readings: [
    {
      name: "Training spread explained",
      token: "--ink-2",
      format: formatPercent,
      value: ({ train }, source) => train && explainedBy(train, source),
      series: (source) => pointSeries(source.history.train, (evaluation) => explainedBy(evaluation, source)),
    },
    {
      name: "Validation spread explained",
      token: "--ball",
      format: formatPercent,
      value: ({ validation }, source) => validation && explainedBy(validation, source),
      series: (source) => pointSeries(source.history.validation, (evaluation) => explainedBy(evaluation, source)),
    },
  ],
  picture: (source, { points, smoothing: _, ...range }) => {
    const line = (split: "train" | "validation") =>
      lineOf(source.history.evaluations(split, "loss", points, range), (evaluation) => explainedBy(evaluation, source));
    return {
      lines: [
        { ...line("train"), token: "--ink-2", width: 1.5, dot: true },
        { ...line("validation"), token: "--ball", width: 2, dot: true },
      ],
      guides: [{ value: 1, label: "" }],
    };
  },
});
