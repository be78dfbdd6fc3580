import { formatReading } from "../../lib/format.ts";
import { lastUpTo } from "../../session/columns.ts";
import type { Evaluation } from "../../session/protocol.ts";
import { definePlot, lineOf, type Series } from "./plot.ts";
import type { PlotSource } from "./source.ts";

/** Validation loss of the step minus this training loss; both splits are evaluated at the same steps. */
const gapOf = (train: Evaluation, validation: Evaluation | undefined): number | undefined =>
  validation?.step === train.step ? validation.loss - train.loss : undefined;

const seriesOf = ({ history: { train, validation } }: PlotSource): Series => ({
  length: Math.min(train.length, validation.length),
  stepAt: (index) => validation[index]?.step ?? 0,
  valueAt: (index) => {
    const evaluation = train[index];
    return evaluation && gapOf(evaluation, validation[index]);
  },
});

/** How much higher the loss is on examples that were never trained on, both on whole splits. */
export const generalisation = definePlot({
  label: "Loss gap",
  weight: 1,
  axis: "linear",
  order: 6,
  empty: "The first point comes with the first evaluation.",
  readings: [
    {
      name: "Validation minus training loss",
      format: formatReading,
      value: ({ train, validation }) => train && gapOf(train, validation),
      series: seriesOf,
    },
  ],
  picture: ({ history }, { points, smoothing: _, ...range }) => {
    const trainAt = (step: number) =>
      history.train[lastUpTo(history.train.length, (index) => history.train[index]?.step ?? 0, step)];
    const gap = (validation: Evaluation) => {
      const train = trainAt(validation.step);
      return train && gapOf(train, validation);
    };
    const both = history.evaluations("validation", "loss", points, range).filter((each) => gap(each) !== undefined);
    return {
      lines: [{ ...lineOf(both, gap), token: "--ink-2", width: 1.5, dot: true }],
      guides: both.length === 0 ? [] : [{ value: 0, label: "" }],
    };
  },
});
