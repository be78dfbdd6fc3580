import { formatReading } from "../../lib/format.ts";
import { columnSeries, definePlot } from "./plot.ts";

/** L1 and L2 penalties on the weights, which the loss excludes. */
export const penalty = definePlot({
  label: "Penalty",
  weight: 1,
  axis: "chosen",
  order: 8,
  empty: "The first point comes with the first step.",
  readings: [
    {
      name: "Penalty on the weights",
      format: formatReading,
      value: (_, { history }) => history.penalty.at(-1),
      series: ({ history }) => columnSeries(history.step, history.penalty),
    },
  ],
  picture: ({ history }, { points, smoothing: _, ...range }) => {
    const { step: x, penalty: y } = history.window(points, range);
    return { lines: [{ x, y, token: "--ink-2", width: 1.5, dot: true }] };
  },
});
