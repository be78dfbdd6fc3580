import { formatSetting } from "../../lib/format.ts";
import { columnSeries, definePlot } from "./plot.ts";

/** The learning rate of each step, after schedule and batch scaling. */
export const learningRate = definePlot({
  label: "Learning rate",
  weight: 1,
  axis: "linear",
  fromZero: true,
  order: 3,
  empty: "The first point comes with the first step.",
  readings: [
    {
      name: "Learning rate now",
      format: formatSetting,
      value: (readings) => readings.learningRate,
      series: ({ history }) => columnSeries(history.step, history.learningRate),
    },
  ],
  picture: ({ history }, { points, smoothing: _, ...range }) => {
    const { step: x, learningRate: y } = history.window(points, range);
    return { lines: [{ x, y, token: "--ink-2", width: 1.5, dot: true }] };
  },
});
