import { definePlot } from "./plot.ts";
import { formatTick } from "./xAxes.ts";

/** Training examples per second of training. */
export const throughput = definePlot({
  label: "Samples/s",
  weight: 1,
  axis: "linear",
  fromZero: true,
  order: 5,
  empty: "The first point comes with the first steps.",
  readings: [
    {
      name: "Samples per second",
      format: (value) => (value === undefined ? "–" : formatTick(Number(value.toPrecision(3)))),
      value: ({ stepsPerSecond }, { history, clock }) => {
        const step = history.step.at(-1);
        return stepsPerSecond === undefined || step === undefined
          ? undefined
          : (stepsPerSecond * clock.samplesAt(step)) / step;
      },
      series: ({ history, clock }) => ({
        length: history.length,
        stepAt: (index) => history.step[index] ?? 0,
        valueAt: (index) => {
          // Of a very long run there is not a row for every step
          const [before = 0, step = 0] = [history.step[index - 1], history.step[index]];
          const took = (history.seconds[index] ?? 0) - (history.seconds[index - 1] ?? 0);
          return (clock.samplesAt(step) - clock.samplesAt(before)) / took;
        },
      }),
    },
  ],
  picture: ({ history, clock }, { points, smoothing: _, ...range }) => {
    const { step, seconds } = history.window(points, range);
    const x = step.slice(1);
    const y = x.map((now, index) => {
      const samples = clock.samplesAt(now) - clock.samplesAt(step[index] ?? 0);
      return samples / ((seconds[index + 1] ?? 0) - (seconds[index] ?? 0));
    });
    return { lines: [{ x, y, token: "--ink-2", width: 1.5, dot: true }] };
  },
});
